# Python's imaplib and smtplib.
program python3 python3 --version || return 0
for name in $(sed -n 's/^def check_\([a-z0-9_]*\).*/\1/p' "$here/python_checks.py"); do
    check "python3: ${name//_/ }" python3 "$here/python_checks.py" "$name"
done
