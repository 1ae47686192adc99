# swaks: SMTP in every dress, one message each.
program swaks swaks --version || return 0

swaks_send() { # FILE options...
    local file=$1
    shift
    # swaks wants LF lines, and writes a CRLF of its own after the last
    tr -d '\r' <"$file" | head -c -1 >"$file.lf"
    swaks --silent 1 --timeout 240 --server "$HOST" --helo client.example --from sender@interop.example --to "$USER_NAME" \
        --data "@$file.lf" "$@"
}
swaks_plain() {
    mail make "$work/m" "swaks plain SMTP"
    swaks_send "$work/m" --port "$SMTP"
    mail expect "$work/m" --how suffix --flags ''
}
swaks_starttls() {
    mail make "$work/m" "swaks STARTTLS and AUTH" --from "$USER_NAME"
    swaks_send "$work/m" --port "$SUBMISSION" --tls --auth PLAIN --auth-user "$USER_NAME" --auth-password "$PASSWORD" --from "$USER_NAME"
    mail expect "$work/m" --how suffix
}
swaks_login() {
    mail make "$work/m" "swaks STARTTLS and AUTH LOGIN" --from "$USER_NAME"
    swaks_send "$work/m" --port "$SUBMISSION" --tls --auth LOGIN --auth-user "$USER_NAME" --auth-password "$PASSWORD" --from "$USER_NAME"
    mail expect "$work/m" --how suffix
}
swaks_tls() {
    mail make "$work/m" "swaks implicit TLS" --from "$USER_NAME"
    swaks_send "$work/m" --port "$SUBMISSIONS" --tls-on-connect --auth PLAIN --auth-user "$USER_NAME" --auth-password "$PASSWORD" --from "$USER_NAME"
    mail expect "$work/m" --how suffix
}
swaks_lmtp() {
    mail make "$work/m" "swaks LMTP"
    swaks_send "$work/m" --port "$LMTP" --protocol LMTP
    mail expect "$work/m" --how suffix
}
swaks_wrong_password() {
    ! swaks_send "$work/m" --port "$SUBMISSION" --tls --auth PLAIN --auth-user "$USER_NAME" --auth-password wrong --quit-after AUTH
}
swaks_unknown_user() {
    swaks --timeout 240 --server "$HOST" --port "$SMTP" --from sender@interop.example --to "nobody.here@${USER_NAME#*@}" --quit-after RCPT >"$work/out" && return 1
    grep -E '<\*\* +550[ -]5\.1\.1 ' "$work/out"
}
check "swaks: plain SMTP" swaks_plain
check "swaks: submission, STARTTLS, AUTH PLAIN" swaks_starttls
check "swaks: submission, STARTTLS, AUTH LOGIN" swaks_login
check "swaks: submission, implicit TLS" swaks_tls
check "swaks: LMTP" swaks_lmtp
check "swaks: a wrong password is refused" swaks_wrong_password
check "swaks: an unknown user is 550 5.1.1 at RCPT" swaks_unknown_user
