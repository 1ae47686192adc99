package mansio.state.route;

import mansio.state.route.RouteTarget.Protocol;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a well-known relay service wants: {@code template:NAME} or {@code template:NAME:REGION} as a
 * route's target. Where the facts are from: docs/routes.md.
 *
 * @param host of the service, or of its usual region; empty when a region must be named
 * @param regionalHost with {@code %s} for the region; empty when there are none
 * @param regions that may be named; empty for any when there is a {@code regionalHost}
 * @param fixedUser the name that everybody logs in with
 * @param user what the user name is, for people; it says so when nobody needs to log in
 * @param logIn whether a password must be given
 */
public record RouteTemplate(
        String name,
        String service,
        Protocol protocol,
        int port,
        Optional<String> host,
        Optional<String> regionalHost,
        List<String> regions,
        Optional<String> fixedUser,
        String user,
        NeedsLogIn logIn) {
    /** Whether a service takes mail without log-in. */
    public enum NeedsLogIn {
        YES,
        NO
    }

    /** In front of a template's name. */
    static final String PREFIX = "template:";

    private static final int MAX_REGION = 40;

    public RouteTemplate {
        regions = List.copyOf(regions);
    }

    /** All of them, in the order of their names. */
    public static final List<RouteTemplate> ALL =
            List.of(
                    smtps(
                            "brevo",
                            "Brevo",
                            "smtp-relay.brevo.com",
                            "the SMTP login; password: an SMTP key"),
                    starttls(
                                    "google-workspace",
                                    "Google Workspace SMTP relay",
                                    "smtp-relay.gmail.com",
                                    "an address of the organisation, or none where our IP address"
                                            + " is known")
                            .withoutLogIn(),
                    starttls("mailgun", "Mailgun", "smtp.mailgun.org", "an SMTP user of the domain")
                            .with("smtp.%s.mailgun.org", "eu"),
                    starttls(
                            "mailjet",
                            "Mailjet",
                            "in-v3.mailjet.com",
                            "the API key; password: the secret key"),
                    starttls(
                            "microsoft365",
                            "Microsoft 365 client submission",
                            "smtp.office365.com",
                            "the address of a mailbox with SMTP AUTH"),
                    starttls(
                            "postmark",
                            "Postmark",
                            "smtp.postmarkapp.com",
                            "the server API token, which is the password too"),
                    starttls(
                                    "sendgrid",
                                    "Twilio SendGrid",
                                    "smtp.sendgrid.net",
                                    "apikey; password: an API key")
                            .withUser("apikey"),
                    starttls("ses", "Amazon SES", "", "an SMTP user name, made for the region")
                            .with("email-smtp.%s.amazonaws.com"),
                    starttls("smtp2go", "SMTP2GO", "mail.smtp2go.com", "an SMTP user")
                            .with("mail-%s.smtp2go.com", "us", "eu", "au"));

    private static RouteTemplate starttls(String name, String service, String host, String user) {
        return new RouteTemplate(
                name,
                service,
                Protocol.SMTP,
                587,
                Optional.of(host).filter(it -> !it.isEmpty()),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                user,
                NeedsLogIn.YES);
    }

    private static RouteTemplate smtps(String name, String service, String host, String user) {
        return new RouteTemplate(
                name,
                service,
                Protocol.SMTPS,
                465,
                Optional.of(host),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                user,
                NeedsLogIn.YES);
    }

    private RouteTemplate with(String regionalHost, String... regions) {
        return new RouteTemplate(
                name,
                service,
                protocol,
                port,
                host,
                Optional.of(regionalHost),
                List.of(regions),
                fixedUser,
                user,
                logIn);
    }

    private RouteTemplate withoutLogIn() {
        return new RouteTemplate(
                name,
                service,
                protocol,
                port,
                host,
                regionalHost,
                regions,
                fixedUser,
                user,
                NeedsLogIn.NO);
    }

    private RouteTemplate withUser(String fixedUser) {
        return new RouteTemplate(
                name,
                service,
                protocol,
                port,
                host,
                regionalHost,
                regions,
                Optional.of(fixedUser),
                user,
                logIn);
    }

    /** How it is written as a route's target. */
    public String usage() {
        String region = regions.isEmpty() ? ":REGION" : ":" + String.join("|", regions);
        String shown = host.isPresent() ? "[" + region + "]" : region;
        return PREFIX + name + (regionalHost.isEmpty() ? "" : shown);
    }

    /** A template with its region. */
    record Chosen(RouteTemplate template, String target) {}

    /** Reads what stands behind {@link #PREFIX}. */
    static Chosen choose(String text) throws BadRouteException {
        int colon = text.indexOf(':');
        String name = colon < 0 ? text : text.substring(0, colon);
        Optional<String> region =
                colon < 0 ? Optional.empty() : Optional.of(text.substring(colon + 1));
        for (RouteTemplate template : ALL) {
            if (template.name.equals(name)) {
                String host = template.hostFor(region);
                String target = template.protocol.prefix() + host + ":" + template.port;
                return new Chosen(template, target);
            }
        }
        throw new BadRouteException(
                "there is no template %s; there are %s"
                        .formatted(
                                name,
                                ALL.stream()
                                        .map(RouteTemplate::name)
                                        .collect(Collectors.joining(", "))));
    }

    private String hostFor(Optional<String> region) throws BadRouteException {
        if (region.isEmpty()) {
            return host.orElseThrow(
                    () ->
                            new BadRouteException(
                                    "%s needs a region, such as template:%s:eu-west-1"
                                            .formatted(service, name)));
        }
        if (regionalHost.isEmpty()) throw new BadRouteException(service + " has no regions");
        String label = region.get();
        boolean known = regions.isEmpty() ? label.matches("[a-z0-9-]+") : regions.contains(label);
        if (!known || label.length() > MAX_REGION) {
            throw new BadRouteException(
                    "%s has no region '%s'%s"
                            .formatted(
                                    service,
                                    label,
                                    regions.isEmpty()
                                            ? ""
                                            : "; there are " + String.join(", ", regions)));
        }
        return regionalHost.get().formatted(label);
    }
}
