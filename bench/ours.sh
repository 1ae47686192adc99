#!/bin/bash
# Mansio and the incumbents in one run, section by section in turns, on the same disk.
#
# usage: ours.sh DIR [section...]      sections: sync smtp lmtp relay sign append login imap1k imap10k imap100k idle rest startup
# Results: DIR/peers.jsonl and DIR/ours.jsonl, and a table of both in the end. DIR must be readable by other users.
# Environment: PEERS=no (Mansio only), BASE (ports of Mansio: BASE + the well-known one, default 12000),
#   MANSIO_JAVA_OPTS, MESSAGES (of Mansio for each size, default 20000,5000,300), WARM (messages relayed before, default 60000),
#   REPS (3), NUSERS (200), PRIO
# Needs root, and the packages of "peers/peers.sh install" (Postfix brings smtp-source, the load tool).
set -u
here=$(cd "$(dirname "$0")" && pwd)
root=${here%/*}
dir=${1:?a folder for results}
shift
sections=${*:-sync smtp lmtp relay append login imap1k imap10k idle rest startup}
: "${BASE:=12000}" "${MESSAGES:=20000,5000,300}" "${REPS:=3}" "${PEERS:=yes}"
export NUSERS=${NUSERS:-200}
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)
peers=$here/peers/peers.sh
data=$dir/data
pid=

start() {
    ${PRIO:-} "$root/mansio" serve --local="$BASE" --data "$data" >>"$dir/ours.log" 2>&1 </dev/null &
    pid=$!
    local tries=600
    until (exec 3<>"/dev/tcp/127.0.0.1/$((BASE + 143))") 2>/dev/null; do
        tries=$((tries - 1))
        if [ "$tries" = 0 ] || ! kill -0 "$pid" 2>/dev/null; then
            echo "Mansio did not start:" >&2
            tail "$dir/ours.log" >&2
            exit 1
        fi
        sleep 0.05
    done
}
stop() {
    [ -z "$pid" ] || { kill "$pid" 2>/dev/null; wait "$pid" 2>/dev/null; }
    pid=
}
finish() {
    stop
    [ "$PEERS" = no ] || "$peers" stop "$dir/peers" >/dev/null 2>&1
}
trap finish EXIT
trap 'exit 130' INT TERM

# One bench script against Mansio; users are whole addresses there.
ours() {
    local script=$1
    shift
    HOST=127.0.0.1 PORT=$((BASE + 143)) SMTP_PORT=$((BASE + 25)) PASS=secret LABEL=ours LOGIN_FULL=1 ROOTS=$pid \
        timeout "${LIMIT:-600}" ${PRIO:-} python3 "$here/$script.py" "$@" >>"$dir/ours.jsonl" 2>>"$dir/ours.err" ||
        echo "{\"failed\": \"$script $*\"}" >>"$dir/ours.jsonl"
}
incumbents() { [ "$PEERS" = no ] || "$here/run-all.sh" "$dir/peers" "$dir/peers.jsonl" "$1"; }

users() { # u1 ... uN with the same cheap hashes as the incumbents
    local file=$dir/passwd i
    for i in $(seq 1 "$NUSERS"); do echo "u$i@example.test:{PLAIN}secret"; done >"$file"
    "$root/mansio" domain add example.test --data "$data" &&
        "$root/mansio" account import --passwd-file "$file" --data "$data" >/dev/null
}

if [ "$PEERS" != no ]; then
    "$peers" setup "$dir/peers" >"$dir/peers.setup.log" 2>&1 && "$peers" start "$dir/peers" || { tail "$dir/peers.setup.log"; exit 1; }
fi
start
if [ ! -e "$dir/passwd" ]; then users || exit 1; fi

for section in $sections; do
    echo "$section"
    case $section in
        sync) # what this disk gives: 4 KiB appended and synced, one after the other
            python3 - "$dir" >>"$dir/ours.jsonl" <<'EOF'
import json, os, statistics, sys, time
fd = os.open(sys.argv[1] + "/sync.probe", os.O_CREAT | os.O_WRONLY | os.O_APPEND)
times = []
for _ in range(500):
    os.write(fd, b"x" * 4096)
    t = time.perf_counter(); os.fdatasync(fd); times.append((time.perf_counter() - t) * 1000)
os.unlink(sys.argv[1] + "/sync.probe")
print(json.dumps({"name": "disk/fdatasync", "value": round(statistics.median(times), 3), "unit": "ms", "p99": round(sorted(times)[494], 3)}))
EOF
            ;;
        smtp)
            incumbents smtp
            ours smtpbench --rcpt u%d@example.test --sessions 50 --sizes 4096 --messages 5000 --reps 1 --label warm-up
            ours smtpbench --rcpt u%d@example.test --sessions 1,10,50,200 --messages "$MESSAGES" --reps "$REPS" --empty
            ours smtpbench --rcpt u%d@example.test --sessions 10,50 --sizes 4096 --messages "${MESSAGES%%,*}" --reps "$REPS" --reuse --test accept-reuse --empty
            ;;
        lmtp)
            incumbents lmtp
            ours smtpbench --lmtp --port $((BASE + 24)) --messages "${MESSAGES%,*}" --sizes 4096,51200 --sessions 1,10,50 --reps "$REPS" --test lmtp --empty
            ;;
        relay) # in by SMTP from a trusted host, out to smtp-sink; what counts is when the sink has it
            incumbents relay
            "$root/mansio" route add relay.test smtp://127.0.0.1:2626 --tls none --replace --data "$data" >>"$dir/ours.log" 2>&1
            # The compiler of the Java machine needs some ten thousand messages to come to rest; a server runs for months.
            ours smtpbench --rcpt x@relay.test --sender bench@unsigned.test --done sink --test relay --sizes 4096 --sessions 50 --messages "${WARM:-60000}" --reps 1 --label warm-up
            ours smtpbench --rcpt x@relay.test --sender bench@unsigned.test --done sink --test relay --sizes 4096,51200 --sessions 10,50 --messages "${MESSAGES%,*}" --reps "$REPS"
            ;;
        sign) # as relay, with signatures by RSA-2048 and Ed25519 (the peers: RSA-2048)
            incumbents sign
            "$root/mansio" route add relay.test smtp://127.0.0.1:2626 --tls none --replace --data "$data" >>"$dir/ours.log" 2>&1
            ours smtpbench --rcpt x@relay.test --done sink --test relay-signed --sizes 4096 --sessions 50 --messages "$((${WARM:-60000} / 2))" --reps 1 --label warm-up
            ours smtpbench --rcpt x@relay.test --done sink --test relay-signed --sizes 4096,51200 --sessions 10,50 --messages "${MESSAGES%,*}" --reps "$REPS"
            ;;
        append) incumbents append; ours imapbench append --user u90@example.test --count 500 ;;
        login) incumbents login; ours imapbench login --user u1@example.test --count 100 ;;
        imap1k | imap10k | imap100k)
            incumbents "$section"
            case $section in imap1k) u=u10 n=1000 ;; imap10k) u=u11 n=10000 ;; *) u=u12 n=100000 ;; esac
            ours imapbench load --user $u@example.test --count $n
            ours imapbench run --user $u@example.test
            ;;
        idle) incumbents idle; ours idle --n 1000 --user u%d@example.test --users "$NUSERS" --roots "$pid" ;;
        rest)
            incumbents rest
            stop
            start
            sleep 4
            ours mem "$pid"
            ;;
        startup)
            incumbents startup
            stop
            ours startup --foreground --start "$root/mansio serve --local=$BASE --data $data" --ports "$((BASE + 25)):220,$((BASE + 143)):* OK" \
                --stop "$root/mansio stop --data $data"
            start
            ;;
        *) echo "unknown section $section" >&2; exit 2 ;;
    esac
done
if [ "$PEERS" = no ]; then python3 "$here/table.py" "$dir/ours.jsonl"; else python3 "$here/table.py" "$dir/peers.jsonl" "$dir/ours.jsonl"; fi
