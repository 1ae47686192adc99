package mansio.state.postfix;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.codec.text.LocalPart;
import mansio.codec.text.SyntaxException;
import mansio.state.directory.AliasInfo;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lines of aliases(5) and virtual(5).
 *
 * @param domain of names without one; empty: such lines are dropped
 */
record AliasLines(Optional<Domain> domain) {
    /** A regular expression whose end fixes the domain. */
    private static final Pattern WITH_DOMAIN =
            Pattern.compile("/\\^?(.*)@([A-Za-z0-9-]+(?:\\\\\\.[A-Za-z0-9-]+)+)\\$/(i?)");

    private static final Pattern PLACE = Pattern.compile("\\$[({](\\d)[)}]");

    private static final String NO_DOMAIN =
            "the name has no domain; say which one it belongs to with --domain";

    // name: value, value
    Plan aliases(TableLine line) {
        int colon = colon(line.text());
        if (colon < 0) {
            return new Plan.Dropped("the line is not name: value, value");
        }
        String name = unquoted(line.text().substring(0, colon).strip());
        if (domain.isEmpty() && name.indexOf('@') < 0) {
            return new Plan.Dropped(NO_DOMAIN);
        }
        return alias(name, TableLine.items(line.text().substring(colon + 1), false));
    }

    // key value, value
    Plan virtual(TableLine line) {
        if (line.isExpression()) {
            return expression(line);
        }
        String key = line.key();
        List<String> values = TableLine.items(line.value(), true);
        if (values.isEmpty()) {
            return new Plan.Dropped("there is nothing behind the name");
        }
        if (key.startsWith("@")) {
            return wholeDomain(key.substring(1), values);
        }
        Optional<Domain> declared =
                key.indexOf('@') < 0 && key.indexOf('.') > 0 && values.getFirst().indexOf('@') < 0
                        ? Domain.tryParse(key)
                        : Optional.empty();
        if (declared.isPresent()) {
            return new Plan.OwnDomain(declared.get());
        }
        return alias(key, values);
    }

    private Plan wholeDomain(String name, List<String> values) {
        Optional<Domain> from = Domain.tryParse(name);
        if (from.isEmpty()) {
            return new Plan.Dropped("@" + name + " is no domain");
        }
        if (values.size() == 1 && values.getFirst().startsWith("@")) {
            return Domain.tryParse(values.getFirst().substring(1))
                    .<Plan>map(to -> new Plan.DomainAlias(from.get(), to))
                    .orElse(new Plan.Dropped(values.getFirst() + " is no domain"));
        }
        Targets targets = targets(values);
        return switch (targets.addresses.size()) {
            case 0 -> new Plan.Dropped(String.join("; ", targets.notes));
            case 1 -> new Plan.CatchAll(from.get(), targets.addresses.getFirst(), targets.notes);
            default -> {
                targets.notes.add("the catch-all has several targets and is the alias *@" + name);
                yield new Plan.OneAlias(
                        new AliasInfo(
                                new Address(new LocalPart("*"), from.get()), targets.addresses),
                        targets.notes);
            }
        };
    }

    private Plan expression(TableLine line) {
        Matcher matcher = WITH_DOMAIN.matcher(line.key());
        Optional<Domain> at =
                matcher.matches()
                        ? Domain.tryParse(matcher.group(2).replace("\\.", "."))
                        : Optional.empty();
        if (at.isEmpty()) {
            return new Plan.Dropped(
                    "a regular expression is taken over when it is of the form"
                            + " /^local part@example\\.org$/");
        }
        String values = PLACE.matcher(line.value()).replaceAll("\\$$1");
        Targets targets = targets(TableLine.items(values, true));
        if (targets.addresses.isEmpty()) {
            return new Plan.Dropped(String.join("; ", targets.notes));
        }
        try {
            String local = matcher.group(1);
            boolean open = !line.key().startsWith("/^");
            Address address =
                    AliasInfo.parseName(
                            "/" + (open ? ".*" : "") + "(?:" + local + ")/@" + at.get());
            return new Plan.OneAlias(new AliasInfo(address, targets.addresses), targets.notes);
        } catch (SyntaxException e) {
            return new Plan.Dropped(String.valueOf(e.getMessage()));
        }
    }

    private Plan alias(String name, List<String> values) {
        Optional<Address> address = address(name);
        if (address.isEmpty()) {
            boolean bare = name.indexOf('@') < 0 && domain.isEmpty();
            return new Plan.Dropped(bare ? NO_DOMAIN : name + " is no mail address");
        }
        Targets targets = targets(values);
        if (targets.addresses.isEmpty()) {
            return new Plan.Dropped(
                    targets.notes.isEmpty()
                            ? "there is nothing behind the name"
                            : String.join("; ", targets.notes));
        }
        if (targets.addresses.contains(address.get())) {
            return new Plan.Dropped(keepsItself(address.get(), targets.addresses));
        }
        return new Plan.OneAlias(new AliasInfo(address.get(), targets.addresses), targets.notes);
    }

    /** {@code ann: \ann, other}: an account with copies. */
    private static String keepsItself(Address address, List<Address> targets) {
        return targets.size() == 1
                ? "the account " + address + " has its mail without an alias"
                : "no alias stands beside the account "
                        + address
                        + "; for copies give the account another name, and make "
                        + address
                        + " an alias that leads to it and to the others";
    }

    private record Targets(List<Address> addresses, List<String> notes) {}

    private Targets targets(List<String> values) {
        Targets targets = new Targets(new ArrayList<>(), new ArrayList<>());
        for (String value : values) {
            String plain = unquoted(value);
            Optional<String> refused = refused(plain);
            Optional<Address> address = refused.isPresent() ? Optional.empty() : address(value);
            if (address.isPresent()) {
                if (!targets.addresses.contains(address.get())) {
                    targets.addresses.add(address.get());
                }
            } else {
                targets.notes.add(
                        refused.orElse(
                                value.indexOf('@') < 0 && domain.isEmpty()
                                        ? value + " has no domain (--domain)"
                                        : value + " is no mail address"));
            }
        }
        return targets;
    }

    private static Optional<String> refused(String value) {
        if (value.startsWith("|")) {
            return Optional.of(value + " is refused: no program is started for a message");
        }
        if (value.startsWith("/")) {
            return Optional.of(value + " is refused: mail is kept in accounts, not in files");
        }
        if (value.startsWith(":include:")) {
            return Optional.of(
                    value + " is refused: a list is an alias with its members as targets");
        }
        return Optional.empty();
    }

    /** With or without a domain; a backslash in front only stops Postfix from going on. */
    private Optional<Address> address(String text) {
        String name = text.startsWith("\\") ? text.substring(1) : text;
        if (name.startsWith("<") && name.endsWith(">")) {
            name = name.substring(1, name.length() - 1);
        }
        Optional<Address> whole = Address.tryParse(name).filter(it -> it.domain().isPresent());
        if (whole.isPresent() || domain.isEmpty()) {
            return whole;
        }
        try {
            return Optional.of(new Address(LocalPart.parse(name), domain.get()));
        } catch (SyntaxException e) {
            return Optional.empty();
        }
    }

    private static int colon(String text) {
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            quoted ^= text.charAt(i) == '"';
            if (!quoted && text.charAt(i) == ':') {
                return i;
            }
        }
        return -1;
    }

    private static String unquoted(String text) {
        boolean whole =
                text.length() >= 2
                        && text.startsWith("\"")
                        && text.endsWith("\"")
                        && text.indexOf('"', 1) == text.length() - 1;
        return whole ? text.substring(1, text.length() - 1) : text;
    }
}
