// The looks of the frame on the page: panel, strip and full screen on phones; and of the launcher where it speaks of
// the chat.

export const FRAME_STYLE = `iframe{color-scheme:light dark;background:Canvas;border-radius:16px;box-shadow:0 8px 40px #0005;width:min(384px,100% - 40px);height:min(640px,100dvh - 116px);bottom:92px;visibility:hidden;opacity:0;transform:translateY(12px)}
.banner iframe{bottom:max(20px,env(safe-area-inset-bottom));inset-inline-end:88px;width:min(384px,100% - 108px);height:56px;border-radius:28px}
.bottom_start.banner iframe{inset-inline:88px auto}
b{position:absolute;top:-4px;inset-inline-end:-4px;min-width:10px;padding:0 5px;border-radius:10px;background:#c9241b;color:#fff;font:600 12px/20px system-ui;text-align:center}
.busy svg{opacity:.4}
.open iframe,.banner iframe{visibility:visible;opacity:1;transform:none}
@media(max-width:480px){.open.open iframe{inset:0 0 auto;width:100%;height:var(--tandem-height,100dvh);border-radius:0}.open button{display:none}}
@media(prefers-reduced-motion){*{transition:none}}`;
