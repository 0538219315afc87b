/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Runs a sandbox until it is stopped with Ctrl-C. */
public final class SandboxMain {
    private static final int DEFAULT_PORT = 8089;
    /** Keys of these have no prefix of their own. */
    private static final String MEDIAIO = "mediaio:";

    private static final String WIRO = "wiro:";
    private static final String NEMO = "nemo:";

    private static final String HELP = """
            Options, as --name value, --name=value or -Dsandbox.name=value:
              --port 8089         port to listen on
              --host 127.0.0.1    address to listen on
              --speed fast        instant, fast (a twentieth of the real time), real, or a factor such as 0.2
              --take 5s           every task takes this long instead (ms, s or m)
              --balance 1000000   points that an account starts with
              --keys a,b          only these API keys: those that start with ima_ for IMA Studio, mediaio:<key> for
                                  Media.io, wiro:<key> or wiro:<key>:<secret> for Wiro, nemo:<token> for
                                  NemoVideo, the others for skills.video (default: any that starts with ima_
                                  or nmv_usr_, any at all)
              --local-inputs true input URLs with private addresses are accepted by Media.io and Wiro, for a route
                                  that uploads to an object store on this machine
              --size 480          longest side of the videos in pixels
              --fps 24            frames per second
              --rendering sample  one small clip for all tasks (default: per-request)
              --threads 1         threads that render
              --disk 2048         most megabytes of media; beyond it the oldest are deleted
              --strict-nonces true
                                  Wiro refuses a used nonce or one that falls, instead of noting it
              --nemo-silent 0.3   share of NemoVideo's edits whose stream has no text
              --nemo-events both  shape of NemoVideo's events: typed, adk, or both by turns
              --nemo-renders both shape of the state of NemoVideo's exports: a, b, or both by turns
              --nemo-anonymous-export true
                                  whether an anonymous user of NemoVideo may export
              --matching-status true
                                  errors of IMA Studio, Media.io and NemoVideo have the HTTP status of their
                                  kind instead of 200
              --gated a,b         models for which a create says that a plan is needed
              --dir <folder>      keep the media there (default: a temporary folder)
              --seed 42           seed of what is drawn by lot
              --webhook-url <url> send events of skills.video there
              --webhook-secret s  sign them with this (default: %s)
            """.formatted(SandboxConfig.DEFAULT_WEBHOOK_SECRET);

    private static final Set<String> NAMES = Set.of(
            "port",
            "host",
            "speed",
            "take",
            "balance",
            "keys",
            "local-inputs",
            "strict-nonces",
            "size",
            "fps",
            "rendering",
            "threads",
            "disk",
            "matching-status",
            "nemo-silent",
            "nemo-events",
            "nemo-renders",
            "nemo-anonymous-export",
            "gated",
            "dir",
            "seed",
            "webhook-url",
            "webhook-secret");

    private SandboxMain() {}

    /** Starts the sandbox; blocks until the JVM is told to stop. */
    public static void main(String[] args) throws InterruptedException {
        SandboxConfig config;
        try {
            config = config(args);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.println(HELP);
            System.exit(2);
            return;
        }
        Sandbox sandbox;
        try {
            sandbox = Sandbox.start(config);
        } catch (RuntimeException e) {
            System.err.println("The sandbox cannot listen on " + config.host() + ":" + config.port() + ": "
                    + e.getMessage() + " (another port: --port)");
            System.exit(1);
            return;
        }
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            sandbox.close();
            stopped.countDown();
        }));
        greet(sandbox, config, System.out);
        stopped.await();
    }

    private static void greet(Sandbox sandbox, SandboxConfig config, PrintStream out) {
        out.printf(
                """

                camel-genvideo sandbox: %s  (open it in a browser)

                Point a route at it:
                  genvideo:ima/text_to_video?model=wan2.6-t2v&apiKey=%s&baseUrl=%s&uploadUrl=%s
                skills.video is at %s, apiKey=%s
                Media.io is at %s, apiKey=%s
                Wiro is at %s, its socket at %s, apiKey=%s
                NemoVideo is at %s, apiKey=%s

                Ledger %s/sandbox/ledger   faults %s/sandbox/faults   Ctrl-C stops it
                %n""",
                sandbox.uri(),
                config.imaKeys().isEmpty() ? "ima_sandbox" : "<one of --keys>",
                sandbox.imaUri(),
                sandbox.imaUploadUri(),
                sandbox.skillsvideoUri(),
                config.skillsvideoKeys().isEmpty() ? "anything" : "<one of --keys>",
                sandbox.mediaioUri(),
                config.mediaioKeys().isEmpty() ? "anything" : "<one of --keys>",
                sandbox.wiroUri(),
                sandbox.wiroSocketUri(),
                config.wiroProjects().isEmpty() ? "anything" : "<one of --keys>",
                sandbox.nemoUri(),
                config.nemo().tokens().isEmpty() ? "nmv_usr_anything" : "<one of --keys>",
                sandbox.uri(),
                sandbox.uri());
    }

    static SandboxConfig config(String[] args) {
        SandboxConfig.Builder builder =
                SandboxConfig.builder().port(DEFAULT_PORT).timeScale(scale("fast"));
        for (String name : NAMES) {
            String value = System.getProperty("sandbox." + name);
            if (value != null) {
                set(builder, name, value);
            }
        }
        for (int i = 0; i < args.length; i++) {
            String arg = args[i];
            if (!arg.startsWith("--")) {
                throw new IllegalArgumentException("not an option: " + arg);
            }
            int equals = arg.indexOf('=');
            if (equals > 0) {
                set(builder, arg.substring(2, equals), arg.substring(equals + 1));
            } else if (i + 1 < args.length) {
                set(builder, arg.substring(2), args[++i]);
            } else {
                throw new IllegalArgumentException("no value for " + arg);
            }
        }
        return builder.build();
    }

    private static void set(SandboxConfig.Builder builder, String name, String value) {
        switch (name) {
            case "port" -> builder.port(number(name, value));
            case "host" -> builder.host(value);
            case "speed" -> builder.timeScale(scale(value));
            case "take" -> builder.taskDuration(duration(value));
            case "balance" -> builder.balance(longNumber(name, value));
            case "keys" -> keys(builder, Set.of(value.split(",")));
            case "local-inputs" -> builder.localInputs(flag(name, value));
            case "strict-nonces" -> builder.wiroStrictNonces(flag(name, value));
            case "size" -> builder.maxDimension(number(name, value));
            case "fps" -> builder.frameRate(number(name, value));
            case "rendering" -> builder.rendering(rendering(value));
            case "threads" -> builder.renderThreads(number(name, value));
            case "disk" -> builder.maxDiskBytes(longNumber(name, value) << 20);
            case "matching-status" -> builder.matchingHttpStatus(flag(name, value));
            case "nemo-silent" -> builder.nemo(builder.nemo().withSilentShare(share(name, value)));
            case "nemo-events" -> builder.nemo(builder.nemo().withEvents(one(NemoSettings.Events.class, name, value)));
            case "nemo-renders" ->
                builder.nemo(builder.nemo().withRenders(one(NemoSettings.Renders.class, name, value)));
            case "nemo-anonymous-export" -> builder.nemo(builder.nemo().withAnonymousExport(flag(name, value)));
            case "gated" -> builder.gatedModels(Set.of(value.split(",")));
            case "dir" -> builder.outputDir(folder(value));
            case "seed" -> builder.seed(longNumber(name, value));
            case "webhook-url" -> builder.webhookUrl(URI.create(value));
            case "webhook-secret" -> builder.webhookSecret(value);
            default -> throw new IllegalArgumentException("unknown option " + name);
        }
    }

    /** A key belongs to the service whose prefix it has; a service of which none is named takes any of its own. */
    private static void keys(SandboxConfig.Builder builder, Set<String> keys) {
        Predicate<String> ima = k -> k.startsWith("ima_");
        Predicate<String> mediaio = k -> k.startsWith(MEDIAIO);
        builder.imaKeys(keys.stream().filter(ima).collect(Collectors.toSet()));
        builder.mediaioKeys(keys.stream()
                .filter(mediaio)
                .map(k -> k.substring(MEDIAIO.length()))
                .collect(Collectors.toSet()));
        Predicate<String> wiro = k -> k.startsWith(WIRO);
        builder.wiroProjects(keys.stream()
                .filter(wiro)
                .map(k -> k.substring(WIRO.length()).split(":", 2))
                .collect(Collectors.toMap(k -> k[0], k -> k.length == 1 ? "" : k[1])));
        Predicate<String> nemo = k -> k.startsWith(NEMO);
        builder.nemo(builder.nemo()
                .withTokens(keys.stream()
                        .filter(nemo)
                        .map(k -> k.substring(NEMO.length()))
                        .collect(Collectors.toSet())));
        builder.skillsvideoKeys(
                keys.stream().filter(ima.or(mediaio).or(wiro).or(nemo).negate()).collect(Collectors.toSet()));
    }

    private static boolean flag(String name, String value) {
        if (!value.equals("true") && !value.equals("false")) {
            throw new IllegalArgumentException("--" + name + " must be true or false, not '" + value + "'");
        }
        return value.equals("true");
    }

    private static double share(String name, String value) {
        try {
            return Double.parseDouble(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("--" + name + " must be 0 to 1, not '" + value + "'");
        }
    }

    private static <E extends Enum<E>> E one(Class<E> type, String name, String value) {
        return Arrays.stream(type.getEnumConstants())
                .filter(e -> e.name().equalsIgnoreCase(value))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("--" + name + " must be one of "
                        + Arrays.toString(type.getEnumConstants()).toLowerCase(Locale.ROOT) + ", not '" + value + "'"));
    }

    private static Duration duration(String value) {
        Duration take = Directives.parse("[[take: " + value + "]]").take();
        if (take == null) {
            throw new IllegalArgumentException("not a time: " + value);
        }
        return take;
    }

    private static double scale(String speed) {
        return switch (speed) {
            case "instant" -> 0;
            case "fast" -> 0.05;
            case "real" -> 1;
            default -> {
                try {
                    yield Double.parseDouble(speed);
                } catch (NumberFormatException e) {
                    throw new IllegalArgumentException(
                            "--speed must be instant, fast, real or a factor such as 0.2, not '" + speed + "'");
                }
            }
        };
    }

    private static int number(String name, String value) {
        long number = longNumber(name, value);
        if (number != (int) number) {
            throw new IllegalArgumentException("--" + name + " is too large: " + value);
        }
        return (int) number;
    }

    private static long longNumber(String name, String value) {
        try {
            return Long.parseLong(value.trim());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("--" + name + " must be a whole number, not '" + value + "'");
        }
    }

    private static SandboxConfig.Rendering rendering(String value) {
        return switch (value) {
            case "sample" -> SandboxConfig.Rendering.SAMPLE;
            case "per-request" -> SandboxConfig.Rendering.PER_REQUEST;
            default ->
                throw new IllegalArgumentException("--rendering must be sample or per-request, not '" + value + "'");
        };
    }

    private static Path folder(String value) {
        try {
            return Files.createDirectories(Path.of(value));
        } catch (IOException | InvalidPathException e) {
            throw new IllegalArgumentException("--dir '" + value + "' is no folder that can be made: " + e);
        }
    }
}
