//! Words for channels in imported rows (R19, R20).

use crate::text;
use satchel_domain::{Method, RecordType};

/// The channel and the kind of event that a word means; an unknown word is another way (D14).
pub(crate) fn method_of(word: &str) -> (Method, RecordType) {
    let key = text::name_key(word);
    let has = |parts: &[&str]| parts.iter().any(|part| key.contains(part));
    if key.is_empty() {
        (Method::Other, RecordType::Note)
    } else if has(&["wechat", "微信", "weixin"]) {
        (Method::WeChat, RecordType::Chat)
    } else if has(&["sms", "text message", "短信"]) {
        (Method::Sms, RecordType::Chat)
    } else if has(&["video", "zoom", "teams", "视频"]) {
        (Method::Video, RecordType::Call)
    } else if has(&["mail", "邮件", "电邮"]) {
        (Method::Mail, RecordType::Mail)
    } else if has(&["letter", "post", "信函", "信件"]) {
        (Method::Letter, RecordType::Mail)
    } else if has(&["phone", "call", "tel", "电话", "通话", "手机"]) {
        (Method::Phone, RecordType::Call)
    } else if has(&["chat", "whatsapp", "qq", "钉钉", "telegram", "聊天", "在线"]) {
        (Method::Chat, RecordType::Chat)
    } else if has(&["visit", "meeting", "person", "face", "拜访", "面谈", "上门", "会议", "见面"]) {
        (Method::Visit, RecordType::Visit)
    } else {
        (Method::Other, RecordType::Note)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_channels_r20() {
        let cases = [
            ("电话", Method::Phone),
            ("Email", Method::Mail),
            ("微信", Method::WeChat),
            ("上门拜访", Method::Visit),
            ("WhatsApp", Method::Chat),
            ("pigeon", Method::Other),
            ("", Method::Other),
        ];
        for (word, method) in cases {
            assert_eq!(method_of(word).0, method, "{word}");
        }
    }
}
