//! One load generator for Tandem and its peers.
