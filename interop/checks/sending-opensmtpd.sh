# Our server sends to OpenSMTPD, and OpenSMTPD sends back. Its package excludes postfix, so it is unpacked into a folder
# (OPENSMTPD_ROOT, see .ci/run) and run in a private mount namespace where its paths lead there.
. "$here/town.sh"
: "${OPENSMTPD_ROOT:=/var/cache/mansio-interop/opensmtpd}"
os=$town/opensmtpd
if [ ! -x "$OPENSMTPD_ROOT/usr/sbin/smtpd" ]; then
    failed=$((failed + 1))
    echo "FAIL  opensmtpd is not unpacked in $OPENSMTPD_ROOT"
    return 0
fi

sending_opensmtpd_start() {
    mkdir -p "$os"/{mail,run,spool/smtpd,lib/opensmtpd/empty}
    cp -a /etc "$os/etc"
    cp -a "$OPENSMTPD_ROOT/usr/libexec" "$os/libexec"
    local id=64900 name
    for name in opensmtpd opensmtpq; do
        sed -i "/^$name:/d" "$os/etc/passwd" "$os/etc/group"
        echo "$name:x:$id:$id::/var/lib/opensmtpd/empty:/usr/sbin/nologin" >>"$os/etc/passwd"
        echo "$name:x:$id:" >>"$os/etc/group"
        id=$((id + 1))
    done
    chmod 711 "$os" "$os/spool/smtpd"
    echo mx.opensmtpd.test >"$os/etc/mailname"
    town_certificate "$os" mx.opensmtpd.test
    printf 'echo@opensmtpd.test anna@a.test\n' >"$os/virtual"
    chmod 644 "$os/virtual"
    cat >"$os/etc/smtpd.conf" <<CF
pki peer cert "$os/cert.pem"
pki peer key "$os/key.pem"
table people file:$os/virtual
smtp max-message-size 60M
listen on 127.0.0.14 port $town_port tls pki peer hostname mx.opensmtpd.test
action "keep" maildir "$os/mail" virtual <people>
action "home" relay host "smtp+tls://127.0.0.10:$town_port" tls no-verify
match from any for domain "opensmtpd.test" action "keep"
match from any for domain "a.test" action "home"
CF
    unshare -m sh -c '
        mount --make-rprivate / && mount --bind "$1/etc" /etc && mount --bind "$1/run" /run &&
            mount --bind "$1/spool" /var/spool && mount --bind "$1/lib" /var/lib && mount --bind "$1/libexec" /usr/libexec &&
            shift && exec "$@"' sh "$os" "$OPENSMTPD_ROOT/usr/sbin/smtpd" -d -T smtp >"$os/log" 2>&1 &
    echo $! >"$os/pid"
    wait_address 127.0.0.14 "$town_port" "$(cat "$os/pid")" || { cat "$os/log"; return 1; }
}
sending_opensmtpd_stop() { end_process "$(cat "$os/pid")"; }
# SUBJECT [make options]: there, and back under TLS. Debian 12's build cannot use its own key with OpenSSL 3, so it answers each
# ClientHello with an internal error, to any client: then the message must have come without TLS.
sending_opensmtpd_echo() {
    round_trip opensmtpd.test "$@"
    grep -aE 'smtp tls ciphers=TLSv1\.3|smtp disconnected reason="io-error: .*EVP lib' "$os/log"
    wait_log "$os/log" 'mta tls ciphers=TLSv1\.3'
    wait_log "$os/log" 'smtp message .*from=<anna@a\.test>|smtp envelope .*from=<anna@a\.test> to=<echo@opensmtpd\.test>'
    wait_log "$os/log" 'mta delivery .*to=<anna@a\.test>.*result="Ok"'
}
sending_opensmtpd_mixed() {
    anna make "$work/m" "to some at opensmtpd" --from anna@a.test --to some@opensmtpd.test
    anna submit "$work/m" no1@opensmtpd.test echo@opensmtpd.test no2@opensmtpd.test
    anna report "$work/m" no1@opensmtpd.test=5.2.4 no2@opensmtpd.test=5.2.4 # its own word for a user it does not know
    anna expect "$work/m" --how suffix
    wait_gone
}
# It has no SMTPUTF8: what cannot be said there comes back (RFC 6531).
sending_opensmtpd_utf8() {
    anna make "$work/m" "utf8 at opensmtpd" --from anna@a.test --to öl@opensmtpd.test
    anna submit "$work/m" öl@opensmtpd.test --smtputf8
    anna report "$work/m" öl@opensmtpd.test=5.6.7
}
echo "#     opensmtpd: $("$OPENSMTPD_ROOT/usr/sbin/smtpd" -h 2>&1 | head -n 1)"
stoppers+=(sending_opensmtpd_stop)
check "sending: opensmtpd starts" sending_opensmtpd_start
[ -e "/proc/$(cat "$os/pid")/exe" ] || return 0
check "sending: to opensmtpd, and back under TLS" sending_opensmtpd_echo "opensmtpd there and back"
check "sending: to opensmtpd, 8-bit text" sending_opensmtpd_echo "opensmtpd eight bit there and back" --utf8
check "sending: to opensmtpd, 25 MB" sending_opensmtpd_echo "opensmtpd 25 MB there and back" --size 25000000
check "sending: to opensmtpd, which refuses two of three" sending_opensmtpd_mixed
check "sending: to opensmtpd, which has no SMTPUTF8" sending_opensmtpd_utf8
sending_opensmtpd_stop >/dev/null 2>&1
