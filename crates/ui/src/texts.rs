//! The texts of one language, read from `texts/{language}.json`: a key to a text, or to its plural forms.

use browser::Value;

/// All texts of one language.
#[derive(Debug, Clone, PartialEq)]
pub struct Texts {
    locale: String,
    /// By key and by the plural form (CLDR): `one`, `few`, … and always `other`, which alone is a text without plural.
    texts: Vec<(String, Forms)>,
}

type Forms = Vec<(String, String)>;

impl Texts {
    /// Reads the texts; `None` when they are not an object of texts. `locale` is the language's BCP 47 tag.
    #[must_use]
    pub fn read(locale: &str, texts: &Value) -> Option<Self> {
        let Value::Object(fields) = texts else { return None };
        let mut texts = Vec::with_capacity(fields.len());
        for (key, value) in fields {
            texts.push((key.clone(), forms(value)?));
        }
        Some(Self { locale: locale.to_owned(), texts })
    }

    /// The language as a BCP 47 tag, for `Intl`.
    #[must_use]
    pub fn locale(&self) -> &str {
        &self.locale
    }

    /// Returns a text. A key without a text gives the key itself, so that a gap is seen and nothing breaks.
    #[must_use]
    pub fn text(&self, key: &str) -> String {
        self.form(key, "other").unwrap_or(key).to_owned()
    }

    /// Returns a text with `{name}` replaced.
    #[must_use]
    pub fn with_name(&self, key: &str, name: &str) -> String {
        fill(&self.text(key), name)
    }

    /// Returns the plural form for a count, with `{n}` replaced.
    #[must_use]
    pub fn count(&self, key: &str, count: u32) -> String {
        let form = browser::intl::plural_form(&self.locale, count);
        let text = self.form(key, &form).or_else(|| self.form(key, "other")).unwrap_or(key);
        fill(text, &count.to_string())
    }

    fn form(&self, key: &str, form: &str) -> Option<&str> {
        let (_, forms) = self.texts.iter().find(|(name, _)| name == key)?;
        forms.iter().find(|(name, _)| name == form).map(|(_, text)| text.as_str())
    }
}

/// Puts a value where the text has a name in braces; it has at most one.
fn fill(text: &str, value: &str) -> String {
    let Some((before, rest)) = text.split_once('{') else { return text.to_owned() };
    let after = rest.split_once('}').map_or("", |(_, after)| after);
    [before, value, after].concat()
}

fn forms(value: &Value) -> Option<Forms> {
    match value {
        Value::Text(text) => Some(vec![("other".to_owned(), text.clone())]),
        Value::Object(fields) => {
            fields.iter().map(|(form, text)| Some((form.clone(), text.as_text()?.to_owned()))).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::List(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Value {
        Value::Text(text.to_owned())
    }

    #[test]
    fn a_key_gives_its_text_and_an_unknown_key_itself() {
        let fields = vec![("hello".to_owned(), text("Hello {name}"))];
        let texts = Texts::read("en", &Value::Object(fields)).unwrap();
        assert_eq!(texts.with_name("hello", "Ana"), "Hello Ana");
        assert_eq!(texts.text("absent"), "absent");
    }

    #[test]
    fn anything_but_an_object_of_texts_is_refused() {
        assert_eq!(Texts::read("en", &Value::Null), None);
        assert_eq!(Texts::read("en", &Value::Object(vec![("a".to_owned(), Value::Number(1.0))])), None);
    }
}
