# A town for the sending checks: a DNS that knows it alone, two servers of ours (a.test and b.test), and
# what the peers' checks need. All mail servers listen at one port, each at a loopback address of its own, and
# are found by MX records. Sourced by the checks that need it; the first one builds it.
[ -z "${town:-}" ] || return 0

town=$work/town
mkdir -p "$town"
town_port=$((base + 2025)) town_dns=$((base + 2053)) town_relay=$((base + 2026)) town_old=$((base + 2027))
town_password="vivat posta"
# Of who has no privileges. Our server refuses to serve as root.
nobody=(setpriv --reuid=nobody --regid=nogroup --clear-groups)

# ---- programs ----

# Where nobody may read the checkout, a copy of what was built.
town_program=$root/mansio
if ! "${nobody[@]}" test -r "$root/app/target/lib" -a -x "$town_program"; then
    mkdir -p "$town/program/app/target"
    cp "$town_program" "$town/program/"
    cp -r "$root"/app/target/{app-*.jar,lib,native} "$town/program/app/target/"
    town_program=$town/program/mansio
fi

# ---- the DNS ----

# zones [LINE...]: the world, with these lines added; lines such as ";! servfail.test. servfail" are behaviours.
zones() {
    {
        local host
        for host in a.test:10 b.test:11 postfix.test:12 exim.test:13 opensmtpd.test:14 old.test:15; do
            printf '%s. MX 10 mx.%s.\nmx.%s. A 127.0.0.%d\n' "${host%:*}" "${host%:*}" "${host%:*}" "${host#*:}"
        done
        printf 'servfail.test. MX 10 mx.b.test.\ndrop.test. MX 10 mx.b.test.\n'
        printf 'nomail.test. MX 0 .\n'
        printf 'silent.test. MX 10 mx.silent.test.\nmx.silent.test. A 127.0.0.99\n'
        [ $# = 0 ] || printf '%s\n' "$@"
    } >"$town/world.new"
    mv "$town/world.new" "$town/world.zone"
}
zones_are() { # LINE...: and waits until the DNS has read them
    local before
    before=$(grep -c . "$town/dns.log")
    zones "$@"
    local tries=1200
    until [ "$(grep -c . "$town/dns.log")" -gt "$before" ]; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || { tail -n 3 "$town/dns.log"; return 1; }
        sleep 0.1
    done
    tail -n 1 "$town/dns.log" | grep -q '^reloaded'
}
town_dns_start() {
    zones ";! servfail.test. servfail" ";! drop.test. drop"
    local java # the one that the suite's own server runs on
    java=$(readlink -f "/proc/${mansio_pid:-none}/exe") || java=java
    "$java" -Xmx64m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
        -cp "$(echo "$root"/testkit/target/testkit-*.jar):$root/app/target/lib/*" \
        mansio.testkit.dns.ZoneServer --port "$town_dns" "$town/world.zone" >"$town/dns.log" 2>&1 </dev/null &
    echo $! >"$town/dns.pid"
    wait_port "$town_dns" 240 "$(cat "$town/dns.pid")" || { cat "$town/dns.log"; return 1; }
}

# ---- our servers ----

# house NAME ADDRESS BASE [LINE...]: a server for NAME with the account anna, and more lines of configuration.
house_start() {
    local name=$1 address=$2 base=$3 dir=$town/$1
    shift 3
    mkdir -p "$dir"
    cat >"$dir/mansio.toml" <<TOML
hostname = "mx.$name"
data = "$dir/data"
log_level = "debug"
[listen]
smtp = ["$address:$town_port"]
submission = ["127.0.0.1:$((base + 587))"]
submissions = []
imap = ["127.0.0.1:$((base + 143))"]
imaps = []
[[certificate]]
chain = "$dir/cert.pem"
key = "$dir/key.pem"
[networks]
plain_login = ["127.0.0.0/8"]
[dns]
servers = ["127.0.0.1:$town_dns"]
timeout = "3 s"
[checks]
temporary = "accept"
[forward]
outside = "always"
[outgoing]
port = $town_port
families = "ipv4-only"
private_networks = ["127.0.0.0/8"]
first_retry = "2 s"
longest_retry = "5 s"
$(printf '%s\n' "$@")
TOML
    town_certificate "$dir" "mx.$name"
    chown -R nobody:nogroup "$dir"
    house "$name" domain add "$name" >>"$dir/log" 2>&1
    echo "$town_password" | house "$name" account add "anna@$name" --password-stdin >>"$dir/log" 2>&1
    house_serve "$name" "$base"
}
house_serve() { # NAME BASE
    "${nobody[@]}" "$town_program" serve --config "$town/$1/mansio.toml" >>"$town/$1/log" 2>&1 </dev/null &
    echo $! >"$town/$1/pid"
    wait_port $(($2 + 143)) 240 "$(cat "$town/$1/pid")" || { tail -n 20 "$town/$1/log"; return 1; }
}
house() { # NAME COMMAND...: a command for one of them, as its owner
    local name=$1
    shift
    "${nobody[@]}" env MANSIO_JAVA_OPTS="-Xmx64m -XX:TieredStopAtLevel=1" "$town_program" "$@" --data "$town/$name/data"
}
anna() { # anna@a.test's mail.py
    USER_NAME=anna@a.test PASSWORD=$town_password IMAP=$((base + 3143)) SUBMISSION=$((base + 3587)) mail "$@"
}
town_certificate() { # FOLDER NAME: signs itself
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj "/CN=$2" \
        -addext "subjectAltName=DNS:$2" -keyout "$1/key.pem" -out "$1/cert.pem" 2>/dev/null
    chmod 600 "$1/key.pem"
}

# ---- looking ----

# wait_queue REGEX [WORD]: until a line of a.test's queue fits, or of what another command of the queue prints.
wait_queue() {
    local regex=$1 until=$((SECONDS + 120))
    until house a.test queue "${2:-list}" >"$town/queue" 2>&1 && grep -E -- "$regex" "$town/queue"; do
        [ "$SECONDS" -lt "$until" ] || { echo "no line fits $regex:"; cat "$town/queue"; return 1; }
        sleep 0.3
    done
}
wait_gone() { # [REGEX]: until no line of a.test's queue fits
    local until=$((SECONDS + 120))
    while house a.test queue list >"$town/queue" && grep -qE -- "${1:-->}" "$town/queue"; do
        [ "$SECONDS" -lt "$until" ] || { cat "$town/queue"; return 1; }
        sleep 0.3
    done
}
# round_trip DOMAIN SUBJECT [make options] [-- submit options]: a message for echo@DOMAIN, whose server sends
# it back to its sender: what comes home is what was sent, with trace fields above it.
round_trip() {
    local domain=$1 subject=$2 made=()
    shift 2
    while [ $# -gt 0 ] && [ "$1" != -- ]; do made+=("$1"); shift; done
    [ $# = 0 ] || shift
    anna make "$work/m" "$subject" --from anna@a.test --to "echo@$domain" "${made[@]}"
    anna submit "$work/m" "echo@$domain" "$@"
    anna expect "$work/m" --how suffix || { house a.test queue list; return 1; }
}
# in_maildir DIR SUBJECT: the file of the only message with this subject.
in_maildir() {
    local found tries=1200
    until found=$(grep -rlaE "^Subject: $2"$'\r?$' "$1/new" 2>/dev/null); do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || { echo "no message '$2' in $1" >&2; return 1; }
        sleep 0.1
    done
    [ "$(echo "$found" | wc -l)" = 1 ] || { echo "'$2' is there more than once: $found" >&2; return 1; }
    echo "$found"
}

town_stop() {
    local name
    for name in a.test b.test; do
        [ ! -f "$town/$name/pid" ] || end_process "$(cat "$town/$name/pid")"
    done
    [ ! -f "$town/dns.pid" ] || end_process "$(cat "$town/dns.pid")"
}
end_process() { # PID: asked to end, killed after a minute
    local tries=600
    kill "$1" 2>/dev/null
    while [ -e "/proc/$1/exe" ] && [ "$tries" -gt 0 ]; do # not so of one that ended and was not waited for
        sleep 0.1
        tries=$((tries - 1))
    done
    [ ! -e "/proc/$1/exe" ] || kill -9 "$1" 2>/dev/null
}
town_start() {
    town_dns_start
    house_start a.test 127.0.0.10 $((base + 3000))
    house_start b.test 127.0.0.11 $((base + 4000))
    local name
    for name in servfail drop; do
        house b.test domain add "$name.test"
        house b.test alias add "anna@$name.test" anna@b.test
    done
}
check "town: a DNS and two servers" town_start
stoppers+=(town_stop)
