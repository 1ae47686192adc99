# sendmail, from a path of its own and as a user without any rights, by way of the drop folder: as scripts,
# PHP, cron and s-nail call it, and while the server is down.
[ -n "$mansio_pid" ] || { echo "#     sendmail: only with a server of the suite's own"; return 0; }
program mail.mailutils mail.mailutils --version
program php php --version
command -v setpriv >/dev/null || { check "sendmail: setpriv is installed" false; return 0; }

# The checkout may lie where that user cannot look.
mkdir -p "$work/sendmail/own/dist" "$work/sendmail/bin"
cp "$root/mansio" "$work/sendmail/own/" && cp "$root/dist/sendmail.sh" "$work/sendmail/own/dist/"
ln -sf ../own/mansio "$work/sendmail/bin/sendmail"
sendmail=$work/sendmail/bin/sendmail

# as_nobody DROP COMMAND...
as_nobody() {
    local drop=$1
    shift
    (cd / && setpriv --reuid=65534 --regid=65534 --clear-groups env -i PATH=/usr/bin:/bin MANSIO_DROP="$drop" "$@")
}
from_nobody() { as_nobody "$MANSIO_DROP" "$sendmail" "$@"; }

# received SUBJECT HEADER-LINE...: the message of that subject is there once, with these lines.
received() {
    python3 - "$@" <<'EOP'
import imaplib, os, sys, time
subject, lines = sys.argv[1], sys.argv[2:]
for _ in range(600):
    c = imaplib.IMAP4("127.0.0.1", int(os.environ["IMAP"]))
    c.login(os.environ["USER_NAME"], os.environ["PASSWORD"])
    c.select("INBOX")
    found = c.search(None, "SUBJECT", '"%s"' % subject)[1][0].split()
    if found: break
    c.logout()
    time.sleep(0.2)
assert len(found) == 1, found
text = c.fetch(found[0], "(BODY.PEEK[])")[1][0][1].decode().replace("\r\n", "\n")
print(text)
for line in lines: assert "\n" + line + "\n" in "\n" + text, line
assert "\nBcc:" not in text
EOP
}

sendmail_t() {
    mail make "$work/m" "sendmail minus t"
    { echo "Bcc: Us <$USER_NAME>"; tr -d '\r' <"$work/m"; } | sed 's/^To: .*/To: <elsewhere@example.com>/' >"$work/lf"
    sed -i 's/^To: .*/To: <elsewhere@example.com>\r/' "$work/m"
    from_nobody -t -i <"$work/lf"
    mail expect "$work/m" --how suffix
}
sendmail_time() {
    local started took i
    started=$(date +%s%N)
    for i in 1 2 3 4 5 6 7 8 9 10; do printf 'Subject: quick %s\nTo: me\n\nx\n' "$i" | from_nobody -t -i; done
    took=$((($(date +%s%N) - started) / 10000000))
    echo "# sendmail -t: $took ms each, of 10"
    received "quick 10" "To: me@local.test"
}
sendmail_mailutils() { # not the mail of another package, which the alternatives may name
    printf 'Salve\n.\nvale\n' | as_nobody "$MANSIO_DROP" mail.mailutils -n -E "set sendmail=sendmail:$sendmail" \
        -s "mailutils by sendmail" "$USER_NAME"
    received "mailutils by sendmail" "Return-Path: <postmaster@local.test>" "To: <$USER_NAME>" "." "vale"
    printf 'x\n' | as_nobody "$MANSIO_DROP" mail.mailutils -n -E "set sendmail=sendmail:$sendmail" -r nobody@local.test \
        -s "mailutils with a sender" "$USER_NAME"
    received "mailutils with a sender" "Return-Path: <nobody@local.test>" "x"
}
sendmail_php_program() { # PHP itself, without its configuration
    as_nobody "$MANSIO_DROP" php -n -d "sendmail_path=$sendmail -t -i" -r '
        $sent = mail($argv[1], "by the real php", "Hi\n.\nyou\n", ["From" => "nobody@local.test", "Bcc" => $argv[1]]);
        exit($sent ? 0 : 1);' "$USER_NAME"
    received "by the real php" "Return-Path: <postmaster@local.test>" "From: nobody@local.test" "." "you"
    as_nobody "$MANSIO_DROP" php -n -d "sendmail_path=$sendmail -t -i" -r '
        exit(mail($argv[1], "php with a sender", "x", [], "-fnobody@local.test") ? 0 : 1);' "$USER_NAME"
    received "php with a sender" "Return-Path: <nobody@local.test>" "x"
    # What sendmail refuses, mail() says.
    as_nobody /nonexistent php -n -d "sendmail_path=$sendmail -t -i" -r \
        'exit(mail($argv[1], "nowhere to put it", "x") ? 1 : 0);' "$USER_NAME"
}
sendmail_from_crontab() { # a job's own call, in what cron gives it: /bin/sh and little else
    as_nobody "$MANSIO_DROP" SHELL=/bin/sh HOME=/ LOGNAME=nobody /bin/sh -c \
        "{ echo 'Subject: from a crontab'; echo; echo done; } | $sendmail me"
    received "from a crontab" "Return-Path: <postmaster@local.test>" "done"
}
sendmail_php() { # what PHP's mail() writes and runs, with an additional parameter
    printf 'To: %s\nSubject: from php\nX-PHP-Originating-Script: 33:a.php\r\nReply-To: you@example.com\n\nHi\r\n.\nyou\n' \
        "$USER_NAME" | from_nobody -t -i -fnobody@local.test
    received "from php" "Return-Path: <nobody@local.test>" "Reply-To: you@example.com" "." "you"
}
sendmail_cron() { # Debian's and cronie's cron; no sender of its own, and nobody has no mailbox
    printf 'From: root (Cron Daemon)\nTo: me\nSubject: Cron <root@here> true\nContent-Type: text/plain; charset=UTF-8\n\nGrüße\n' |
        from_nobody -FCronDaemon -i -B8BITMIME -oem me
    received "Cron <root@here> true" "Return-Path: <postmaster@local.test>" "From: root@local.test (Cron Daemon)" \
        "To: me@local.test" "Grüße"
}
sendmail_foreign_sender() {
    printf 'Subject: not mine\n\nx\n' | from_nobody -f boss@example.com "$USER_NAME"
    received "not mine" "Return-Path: <postmaster@local.test>"
    "$root/mansio" trace "$USER_NAME" --data "$work/data" | grep -F 'nobody may not send as boss@example.com'
}
sendmail_snail() {
    printf 'Salve\n.\nvale\n' | as_nobody "$MANSIO_DROP" s-nail -:/ -S v15-compat -S "mta=$sendmail" -S from=nobody@local.test \
        -S sendwait -s "s-nail by sendmail" "$USER_NAME"
    received "s-nail by sendmail" "." "vale"
}
sendmail_bs() {
    printf 'EHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<%s>\r\nDATA\r\nSubject: by minus bs\r\n\r\n..\r\nx\r\n.\r\nQUIT\r\n' "$USER_NAME" |
        from_nobody -bs | tee "$work/out"
    grep -q '^250 2.0.0 Handed over' "$work/out"
    received "by minus bs" "Return-Path: <>" "." "x"
}
sendmail_private() { # nobody else lists or reads what waits
    ! as_nobody "$MANSIO_DROP" ls "$MANSIO_DROP" && ! as_nobody "$MANSIO_DROP" ls "$MANSIO_DROP/.taken"
}
sendmail_wrong() {
    local code=0
    printf 'Subject: to nobody\n\nx\n' | from_nobody -t || code=$?
    [ "$code" = 64 ]
    code=0
    as_nobody /nonexistent "$sendmail" "$USER_NAME" || code=$?
    [ "$code" = 75 ]
}
check "sendmail: -t as an unprivileged user, Bcc removed, every byte kept" sendmail_t
check "sendmail: takes a moment" sendmail_time
check "sendmail: as PHP calls it" sendmail_php
check "sendmail: as cron calls it" sendmail_cron
check "sendmail: from a job of a crontab" sendmail_from_crontab
check "sendmail: called by PHP's mail()" sendmail_php_program
check "sendmail: called by mailutils' mail" sendmail_mailutils
check "sendmail: a sender that is not the user's is not used" sendmail_foreign_sender
check "sendmail: called by s-nail" sendmail_snail
check "sendmail: SMTP on standard input" sendmail_bs
check "sendmail: others cannot look into the folder" sendmail_private
check "sendmail: says what is wrong" sendmail_wrong

# While the server is down: a second one, started afterwards.
install -d -m 3733 "$work/drop2"
down_pid=$mansio_pid
printf 'Subject: while it was down\n\nx\n' | as_nobody "$work/drop2" "$sendmail" "$USER_NAME"
MANSIO_DROP=$work/drop2 start_mansio $((base + 2000)) "$work/data2"
sendmail_later() {
    PASSWORD=$(cat "$work/data2/local-password") IMAP=$((base + 2143)) received "while it was down" \
        "Return-Path: <postmaster@local.test>"
}
check "sendmail: while the server is down" sendmail_later
stop_mansio
mansio_pid=$down_pid
