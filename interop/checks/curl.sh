# curl: imap, imaps and smtp URLs.
program curl curl --version || return 0

imap_curl() { curl -sS --user "$USER_NAME:$PASSWORD" "$@"; }
curl_imap() {
    mail make "$work/m" "curl appends this"
    imap_curl "imap://$HOST:$IMAP/INBOX" -T "$work/m"
    mail expect "$work/m" --how exact
    local uid
    uid=$(imap_curl "imap://$HOST:$IMAP/INBOX" -X 'UID SEARCH SUBJECT "curl appends this"' | tr -d '\r' | sed 's/^\* SEARCH //')
    imap_curl "imap://$HOST:$IMAP/INBOX;UID=$uid" -o "$work/got"
    cmp "$work/m" "$work/got"
    imap_curl "imap://$HOST:$IMAP/INBOX;UID=$uid;SECTION=TEXT" -o "$work/got"
    mail same "$work/m" <(printf 'x\r\n\r\n'; cat "$work/got") --how body
    imap_curl "imap://$HOST:$IMAP/INBOX" -X "UID STORE $uid +FLAGS (\\Flagged \$Forwarded)" >/dev/null
    mail expect "$work/m" --flags '\Flagged \Seen $Forwarded'
}
curl_imaps() {
    mail make "$work/m" "curl over TLS" --utf8
    imap_curl -k "imaps://$HOST:$IMAPS/INBOX" -T "$work/m"
    imap_curl -k "imaps://$HOST:$IMAPS/" | tr -d '\r' | grep -E '^\* LIST \(.*\) "/" "?INBOX"?$'
    mail expect "$work/m"
}
curl_starttls() {
    mail make "$work/m" "curl IMAP STARTTLS"
    imap_curl -k --ssl-reqd "imap://$HOST:$IMAP/INBOX" -T "$work/m"
    mail expect "$work/m"
}
curl_smtp() {
    mail make "$work/m" "curl sends this" --from "$USER_NAME"
    curl -sS -k --ssl-reqd --user "$USER_NAME:$PASSWORD" "smtp://$HOST:$SUBMISSION/client.example" \
        --mail-from "$USER_NAME" --mail-rcpt "$USER_NAME" -T "$work/m"
    mail expect "$work/m" --how suffix
}
curl_smtps() {
    mail make "$work/m" "curl sends over TLS" --from "$USER_NAME"
    curl -sS -k --user "$USER_NAME:$PASSWORD" "smtps://$HOST:$SUBMISSIONS/client.example" \
        --mail-from "$USER_NAME" --mail-rcpt "$USER_NAME" -T "$work/m"
    mail expect "$work/m" --how suffix
}
curl_large() {
    mail make "$work/m" "curl appends fifty megabytes" --size 50000000
    imap_curl -k "imaps://$HOST:$IMAPS/INBOX" -T "$work/m"
    mail expect "$work/m"
}
check "curl: imap, append, search, fetch, section, store" curl_imap
check "curl: imaps, list" curl_imaps
check "curl: imap with STARTTLS" curl_starttls
check "curl: smtp with STARTTLS and log-in" curl_smtp
check "curl: smtps" curl_smtps
check "curl: 50 MB by APPEND" curl_large
