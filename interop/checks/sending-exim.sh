# Our server sends to Exim, and Exim sends back. Debian's exim4 and postfix exclude each other, so its packages are
# unpacked into a folder (EXIM_ROOT, see .ci/run) and run with an /etc of their own in a private mount namespace.
. "$here/town.sh"
: "${EXIM_ROOT:=/var/cache/mansio-interop/exim}"
ex=$town/exim
if [ ! -x "$EXIM_ROOT/usr/sbin/exim4" ]; then
    failed=$((failed + 1))
    echo "FAIL  exim is not unpacked in $EXIM_ROOT"
    return 0
fi

sending_exim_start() {
    mkdir -p "$ex"/{spool/{input,msglog,db,log},mail}
    cp -a /etc "$ex/etc"
    mkdir -p "$ex/etc/exim4"
    sed -i '/^Debian-exim:/d' "$ex/etc/passwd" "$ex/etc/group"
    echo "Debian-exim:x:64999:64999::$ex/spool:/usr/sbin/nologin" >>"$ex/etc/passwd"
    echo 'Debian-exim:x:64999:' >>"$ex/etc/group"
    town_certificate "$ex" mx.exim.test
    chown -R 64999:64999 "$ex/spool" "$ex/mail" "$ex/key.pem"
    cat >"$ex/etc/exim4/exim4.conf" <<CF
exim_path = $EXIM_ROOT/usr/sbin/exim4
spool_directory = $ex/spool
log_file_path = $ex/spool/log/%slog
log_selector = +smtp_protocol_error +tls_cipher +received_recipients
primary_hostname = mx.exim.test
local_interfaces = 127.0.0.13
daemon_smtp_ports = $town_port
message_size_limit = 60M
accept_8bitmime = true
chunking_advertise_hosts = *
smtputf8_advertise_hosts = *
tls_advertise_hosts = *
tls_certificate = $ex/cert.pem
tls_privatekey = $ex/key.pem
keep_environment =
never_users =
host_lookup =
rfc1413_hosts =
recipients_max = 200
acl_smtp_rcpt = rcpt
acl_smtp_data = accept
begin acl
rcpt:
  deny domains = exim.test
       !local_parts = echo : écho : \N^ok[0-9]*$\N
       message = 5.1.1 nobody has this address
  accept domains = exim.test
  deny message = 5.7.1 no relaying
begin routers
echo:
  driver = redirect
  domains = exim.test
  local_parts = echo : écho
  data = anna@a.test
box:
  driver = accept
  domains = exim.test
  transport = maildir
home:
  driver = manualroute
  domains = a.test
  route_list = * 127.0.0.10
  self = send
  transport = remote
begin transports
maildir:
  driver = appendfile
  directory = $ex/mail/box
  maildir_format
  delivery_date_add
  envelope_to_add
  return_path_add
  user = Debian-exim
remote:
  driver = smtp
  port = $town_port
  hosts_require_tls = *
  hosts_try_dane =
  message_linelength_limit = 2000
begin retry
* * F,1h,1m
CF
    unshare -m sh -c 'mount --make-rprivate / && mount --bind "$1/etc" /etc && shift && exec "$@"' sh "$ex" \
        "$EXIM_ROOT/usr/sbin/exim4" -bdf -q1m >"$ex/out" 2>&1 &
    echo $! >"$ex/pid"
    wait_address 127.0.0.13 "$town_port" "$(cat "$ex/pid")" || { cat "$ex/out" "$ex"/spool/log/*; return 1; }
}
sending_exim_stop() { end_process "$(cat "$ex/pid")"; }
sending_exim_echo() { # SUBJECT [make options]: there under TLS, and back
    round_trip exim.test "$@"
    wait_log "$ex/spool/log/mainlog" '<= anna@a\.test H=.* P=esmtps X=TLS1\.3.* for echo@exim\.test'
    wait_log "$ex/spool/log/mainlog" '=> anna@a\.test <echo@exim\.test>.*T=remote.*X=TLS.*C="250 2'
}
sending_exim_bdat() { # Exim names the command that brought the octets: K is CHUNKING
    wait_log "$ex/spool/log/mainlog" '<= anna@a\.test .* P=esmtps .*K .*'
}
sending_exim_bytes() {
    anna make "$work/m" "exim keeps it" --from anna@a.test --to ok@exim.test --utf8
    anna submit "$work/m" ok@exim.test
    local file
    file=$(in_maildir "$ex/mail/box" "exim keeps it")
    mail same "$work/m" "$file" --how suffix
    wait_gone
}
sending_exim_utf8() {
    anna make "$work/m" "exim smtputf8" --from anna@a.test --to écho@exim.test --utf8
    anna submit "$work/m" écho@exim.test --smtputf8
    anna expect "$work/m" --how suffix
    wait_log "$ex/spool/log/mainlog" '<= anna@a\.test .*P=utf8esmtps'
}
sending_exim_many() { # 20 are taken, 2 are refused at RCPT: one report, that names exactly these
    local i all=()
    for i in $(seq 1 20); do all+=("ok$i@exim.test"); done
    anna make "$work/m" "to many at exim" --from anna@a.test --to many@exim.test
    anna submit "$work/m" no1@exim.test "${all[@]}" no2@exim.test
    anna report "$work/m" no1@exim.test=5.1.1 no2@exim.test=5.1.1
    for i in "${all[@]}"; do wait_log "$ex/spool/log/mainlog" "=> $i .*T=maildir|=> [^ ]+ <$i>.*T=maildir" >/dev/null; done
    wait_gone
}
stoppers+=(sending_exim_stop)
check "sending: exim starts" sending_exim_start
[ -e "/proc/$(cat "$ex/pid")/exe" ] || return 0
check "sending: to exim under TLS, and back" sending_exim_echo "exim there and back"
check "sending: to exim by BDAT" sending_exim_bdat
check "sending: to exim, 8-bit text" sending_exim_echo "exim eight bit there and back" --utf8
check "sending: to exim, 25 MB" sending_exim_echo "exim 25 MB there and back" --size 25000000
check "sending: to exim, same bytes" sending_exim_bytes
check "sending: to exim, SMTPUTF8" sending_exim_utf8
check "sending: to exim, 22 recipients of whom it refuses 2" sending_exim_many
sending_exim_stop >/dev/null 2>&1
