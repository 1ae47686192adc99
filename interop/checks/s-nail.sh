# s-nail: composes a message with an attachment itself, sends it, and reads the mailbox over IMAP.
program s-nail s-nail --version || return 0

snail() {
    # no start-up files; the password may stand in the URL only when percent-encoded
    local user password
    user=$(python3 -c 'import os, urllib.parse as u; print(u.quote(os.environ["USER_NAME"], safe=""))')
    password=$(python3 -c 'import os, urllib.parse as u; print(u.quote(os.environ["PASSWORD"], safe=""))')
    imap_url="imap://$user:$password@$HOST:$IMAP"
    smtp_url="submission://$user:$password@$HOST:$SUBMISSION"
    HOME=$work s-nail -:/ -S v15-compat -S sendwait -S tls-verify=ignore -S smtp-use-starttls -S smtp-auth=plain \
        -S imap-auth=login -S ttycharset=utf-8 -S "from=$USER_NAME" -S "mta=$smtp_url" "$@"
}
snail_send() {
    head -c 20000 /dev/urandom >"$work/attached.bin"
    printf 'Salve from s-nail\n.\nGrüße\n' | snail -s "s-nail with attachment" -a "$work/attached.bin" "$USER_NAME"
    python3 - "$work/attached.bin" <<'EOF'
import email, email.policy, imaplib, os, sys, time
c = imaplib.IMAP4("127.0.0.1", int(os.environ["IMAP"]))
c.login(os.environ["USER_NAME"], os.environ["PASSWORD"])
for _ in range(600):
    c.select("INBOX")
    found = c.search(None, "SUBJECT", '"s-nail with attachment"')[1][0].split()
    if found: break
    time.sleep(0.2)
assert len(found) == 1, found
raw = c.fetch(found[0], "(BODY.PEEK[])")[1][0][1]
m = email.message_from_bytes(raw, policy=email.policy.default)
assert "\nGrüße" in m.get_body().get_content().replace("\r", ""), m.get_body().get_content()
parts = [p for p in m.iter_attachments()]
assert parts[0].get_content() == open(sys.argv[1], "rb").read()
EOF
}
snail_read() {
    mail make "$work/m" "s-nail reads this"
    mail append "$work/m"
    printf 'headers\ntype $\nxit\n' | snail -R -f "$imap_url/INBOX" >"$work/out" 2>&1 || true
    grep -F 's-nail reads this' "$work/out"
    grep -F 'From the start of a line' "$work/out"
}
check "s-nail: composes and submits, attachment intact" snail_send
snail -X quit </dev/null >/dev/null 2>&1 # sets imap_url for the next check
check "s-nail: reads a message over IMAP" snail_read
