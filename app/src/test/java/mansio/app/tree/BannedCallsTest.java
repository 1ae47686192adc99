package mansio.app.tree;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnitAccess;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Calls that nothing from codec to serve may make, because time, threads, randomness, names and
 * processes come in by constructor (docs/design/house.md). The few places that are those things
 * stand here by name.
 */
class BannedCallsTest {
    /** A call of a method or constructor ({@code <init>}): owner, name and parameter types. */
    private record Call(String owner, String name, List<String> parameters) {
        boolean is(String type, String... names) {
            return owner.equals(type) && (names.length == 0 || List.of(names).contains(name));
        }

        boolean takes(String... types) {
            return Stream.of(types).anyMatch(parameters::contains);
        }
    }

    /** What is banned, what to use instead, and the classes that may. */
    private record Ban(String what, String instead, Set<String> allowed, Predicate<Call> matches) {}

    private static final List<Ban> BANS =
            List.of(
                    new Ban(
                            "static clocks",
                            "mansio.net.time.Time",
                            Set.of("mansio.net.time.SystemTime"),
                            BannedCallsTest::clock),
                    new Ban(
                            "waiting for time",
                            "mansio.net.time.Time.sleep and await",
                            Set.of("mansio.net.time.SystemTime"),
                            BannedCallsTest::timedWait),
                    new Ban(
                            "starting threads",
                            "mansio.net.time.Threads",
                            // VirtualThreads is the real Threads. The others are platform threads
                            // for long computing and native calls: the work pool, the disk
                            // readers, the committer (made by Stores).
                            Set.of(
                                    "mansio.net.time.VirtualThreads",
                                    "mansio.net.time.WorkPool",
                                    "mansio.state.store.DiskReaders",
                                    "mansio.state.store.Stores"),
                            BannedCallsTest::threads),
                    new Ban(
                            "default executors and futures",
                            "blocking code on mansio.net.time.Threads",
                            // The library that checks signatures wants futures; all that waits is
                            // done on the thread of the caller.
                            Set.of("mansio.net.dns.Validator"),
                            BannedCallsTest::executors),
                    new Ban(
                            "thread-local state",
                            "a value that is passed",
                            Set.of(),
                            call ->
                                    call.is("java.lang.ThreadLocal")
                                            || call.is("java.lang.InheritableThreadLocal")
                                            || call.is("java.lang.ScopedValue")),
                    new Ban(
                            "randomness that no test can repeat",
                            "java.util.random.RandomGenerator by constructor",
                            // Keys and handshakes: nobody may guess them, no test repeats them.
                            Set.of(
                                    "mansio.net.tls.ServerTls",
                                    "mansio.net.tls.ClientTls",
                                    "mansio.net.tls.SelfSigned"),
                            BannedCallsTest::randomness),
                    new Ban(
                            "IDNA2003",
                            "com.ibm.icu.text.IDNA (UTS-46)",
                            Set.of(),
                            call -> call.is("java.net.IDN")),
                    new Ban(
                            "look-ups of names by the platform",
                            "a Resolver, or java.net.InetAddress.ofLiteral",
                            Set.of(),
                            BannedCallsTest::nameLookup),
                    new Ban(
                            "Java serialisation",
                            "a format of our own",
                            Set.of(),
                            call ->
                                    call.is("java.io.ObjectInputStream")
                                            || call.is("java.io.ObjectOutputStream")),
                    new Ban(
                            "other programs",
                            "code of our own",
                            Set.of(),
                            call ->
                                    call.is("java.lang.ProcessBuilder")
                                            || call.is("java.lang.Runtime", "exec")),
                    new Ban(
                            "JNDI",
                            "a Resolver",
                            Set.of(),
                            call -> call.owner().startsWith("javax.naming.")));

    private static boolean clock(Call call) {
        return call.is("java.lang.System", "nanoTime", "currentTimeMillis")
                || call.owner().startsWith("java.time.") && call.name().equals("now")
                || call.is("java.time.Clock") && call.name().matches("system.*|tick.*")
                || call.is("java.time.InstantSource", "system")
                || call.is("java.util.Date", "<init>") && call.parameters().isEmpty()
                || call.is("java.util.GregorianCalendar", "<init>")
                || call.is("java.util.Calendar", "getInstance");
    }

    private static boolean timedWait(Call call) {
        boolean timed = call.takes("java.util.concurrent.TimeUnit", "long", "java.time.Duration");
        return call.is("java.lang.Thread", "sleep")
                || call.is("java.lang.Thread", "join") && timed
                || call.is("java.util.concurrent.TimeUnit", "sleep", "timedWait", "timedJoin")
                || call.name().matches("parkNanos|parkUntil|awaitNanos|awaitUntil")
                || call.name().equals("wait") && timed
                || call.is("java.nio.channels.Selector", "select") && timed
                || call.owner().startsWith("java.util.concurrent.")
                        && !call.is("java.util.concurrent.TimeUnit")
                        && !call.name().equals("<init>")
                        && call.takes("java.util.concurrent.TimeUnit");
    }

    private static boolean threads(Call call) {
        return call.is("java.lang.Thread", "<init>", "ofVirtual", "ofPlatform")
                || call.is("java.lang.Thread", "startVirtualThread")
                || call.is("java.util.Timer")
                || call.owner().endsWith("PoolExecutor") && call.name().equals("<init>");
    }

    private static boolean executors(Call call) {
        return call.is("java.util.concurrent.Executors")
                || call.is("java.util.concurrent.CompletableFuture")
                || call.is("java.util.concurrent.CompletionStage")
                || call.is("java.util.concurrent.ForkJoinPool")
                || call.is("java.util.concurrent.ForkJoinTask")
                || call.is("java.util.concurrent.StructuredTaskScope")
                || call.name().equals("parallelStream")
                || call.is("java.util.Arrays") && call.name().startsWith("parallel")
                || call.owner().startsWith("java.util.stream.") && call.name().equals("parallel");
    }

    private static boolean randomness(Call call) {
        boolean unseeded = call.parameters().isEmpty();
        return call.is("java.util.concurrent.ThreadLocalRandom")
                || call.is("java.lang.Math", "random")
                || call.is("java.util.UUID", "randomUUID")
                || call.is("java.util.Random", "<init>") && unseeded
                || call.is("java.util.SplittableRandom", "<init>") && unseeded
                || call.is("java.util.random.RandomGenerator", "getDefault", "of")
                || call.is("java.security.SecureRandom", "<init>", "getInstance")
                || call.is("java.security.SecureRandom", "getInstanceStrong");
    }

    private static boolean nameLookup(Call call) {
        return call.is("java.net.InetAddress", "getByName", "getAllByName", "getLocalHost")
                || call.is("java.net.InetAddress", "getHostName", "getCanonicalHostName")
                || call.is("java.net.InetSocketAddress", "getHostName")
                || call.is("java.net.InetSocketAddress", "<init>") && call.takes("java.lang.String")
                || call.is("java.net.Socket", "<init>") && call.takes("java.lang.String");
    }

    @Test
    void nothingBelowTheAppMakesABannedCall() {
        List<String> found = new ArrayList<>();
        for (JavaClass type : belowTheApp()) {
            for (JavaCodeUnitAccess<?> access : type.getCodeUnitAccessesFromSelf()) {
                Call call = call(access.getTarget());
                for (Ban ban : BANS) {
                    if (ban.matches().test(call) && !ban.allowed().contains(top(type))) {
                        found.add(
                                "%s: %s (%s.%s); use %s"
                                        .formatted(
                                                access.getSourceCodeLocation(),
                                                ban.what(),
                                                call.owner(),
                                                call.name(),
                                                ban.instead()));
                    }
                }
            }
        }
        assertThat(found).isEmpty();
    }

    @Test
    void everyAllowedPlaceStillNeedsItsAllowance() {
        for (Ban ban : BANS) {
            for (String allowed : ban.allowed()) {
                List<JavaClass> nest =
                        belowTheApp().stream().filter(type -> top(type).equals(allowed)).toList();
                boolean used =
                        nest.stream()
                                .flatMap(type -> type.getCodeUnitAccessesFromSelf().stream())
                                .anyMatch(access -> ban.matches().test(call(access.getTarget())));
                assertThat(nest.isEmpty() || used).as(allowed + " and " + ban.what()).isTrue();
            }
        }
    }

    @Test
    void noStaticFieldChanges() {
        List<String> found = new ArrayList<>();
        for (JavaClass type : belowTheApp()) {
            for (JavaField field : type.getFields()) {
                Set<JavaModifier> modifiers = field.getModifiers();
                if (modifiers.contains(JavaModifier.STATIC)
                        && !modifiers.contains(JavaModifier.FINAL)
                        && !modifiers.contains(JavaModifier.SYNTHETIC)) {
                    found.add(field.getFullName());
                }
            }
        }
        assertThat(found).isEmpty();
    }

    /** The table itself: each ban catches what it names, and nothing it should not. */
    @Test
    void theBansCatchWhatTheyName() {
        Map<Call, String> samples =
                Map.of(
                        new Call("java.time.Instant", "now", List.of()), "static clocks",
                        new Call("java.lang.Thread", "sleep", List.of("long")), "waiting for time",
                        new Call(
                                        "java.util.concurrent.Semaphore",
                                        "tryAcquire",
                                        List.of("long", "java.util.concurrent.TimeUnit")),
                                "waiting for time",
                        new Call("java.lang.Thread", "<init>", List.of("java.lang.Runnable")),
                                "starting threads",
                        new Call("java.net.InetAddress", "getByName", List.of("java.lang.String")),
                                "look-ups of names by the platform");
        samples.forEach(
                (call, what) ->
                        assertThat(BANS.stream().filter(ban -> ban.matches().test(call)))
                                .extracting(Ban::what)
                                .containsExactly(what));
        List<Call> harmless =
                List.of(
                        new Call("java.time.Instant", "plus", List.of("java.time.Duration")),
                        new Call("java.util.concurrent.Semaphore", "tryAcquire", List.of()),
                        new Call("java.util.concurrent.TimeUnit", "toNanos", List.of("long")),
                        new Call("java.util.Random", "<init>", List.of("long")));
        assertThat(harmless)
                .noneMatch(call -> BANS.stream().anyMatch(ban -> ban.matches().test(call)));
    }

    private static Call call(CodeUnitAccessTarget target) {
        return new Call(
                target.getOwner().getName(),
                target.getName(),
                target.getRawParameterTypes().stream().map(JavaClass::getName).toList());
    }

    private static List<JavaClass> belowTheApp() {
        return Classes.MAIN.stream()
                .filter(type -> !type.getPackageName().startsWith("mansio.app"))
                .filter(type -> !type.getPackageName().startsWith("mansio.testkit"))
                .toList();
    }

    /** The name of the outermost class around a class. */
    private static String top(JavaClass type) {
        return type.getName().replaceFirst("\\$.*", "");
    }
}
