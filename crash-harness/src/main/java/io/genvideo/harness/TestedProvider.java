/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.harness;

import io.genvideo.camel.GenvideoAccount;
import io.genvideo.camel.GenvideoComponent;
import io.genvideo.sandbox.Fault;
import io.genvideo.sandbox.FaultRule;
import io.genvideo.sandbox.Sandbox;
import io.genvideo.sandbox.SandboxConfig;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A provider that the harness can test: its account at the sandbox, its models, and the faults that are injected. */
enum TestedProvider {
    IMA("ima", "ima_harness", "wan2.6-i2v", "wan2.6-t2v", List.of("create")) {
        @Override
        Map<String, URI> addresses(Sandbox sandbox) {
            return Map.of("baseUrl", sandbox.imaUri(), "uploadUrl", sandbox.imaUploadUri());
        }

        @Override
        List<FaultRule> ownFaults() {
            return List.of();
        }
    },
    SKILLSVIDEO("skillsvideo", "sk_harness", "google/veo-3.1", "google/veo-3.1", List.of("create", "create-sse")) {
        @Override
        Map<String, URI> addresses(Sandbox sandbox) {
            return Map.of("baseUrl", sandbox.skillsvideoUri());
        }

        @Override
        boolean pushes() {
            return true;
        }

        @Override
        List<FaultRule> ownFaults() {
            return List.of(
                    rule("create-sse", Fault.dropStream(0, Fault.End.CLEAN), 0.03),
                    rule("create-sse", Fault.dropStream(1, Fault.End.RESET), 0.05),
                    rule("create-sse", Fault.dropStream(2, Fault.End.CUT), 0.05),
                    rule("create-sse", Fault.dropStreamInsteadOfLast(Fault.End.CLEAN), 0.05));
        }
    },
    /** It has no upload: the route puts the pictures into an object store, whose stand-in is the sandbox. */
    MEDIAIO("mediaio", "mio_harness", "Kling 2.1", "Wan 2.6", List.of("create")) {
        @Override
        Map<String, URI> addresses(Sandbox sandbox) {
            return Map.of("baseUrl", sandbox.mediaioUri());
        }

        @Override
        List<String> routes() {
            return List.of(FILE_DROP, "classpath:routes/upload-object-store.camel.yaml");
        }

        @Override
        List<String> ownProperties(Sandbox sandbox) {
            return List.of(
                    "genvideo.upload.url = " + sandbox.uri().resolve("/media/objects/pictures"),
                    "camel.component.genvideo.configuration.uploadVia = direct:upload",
                    "camel.component.genvideo.allowPrivateUrls = true");
        }

        @Override
        List<FaultRule> ownFaults() {
            return List.of(rule("object-put", Fault.status(503), 0.05));
        }
    },
    /** The picture travels with the create call, and a socket follows each task. */
    WIRO("wiro", "wk_harness", "ByteDance/seedance-pro-v1.5", "alibaba/wan-2-6", List.of("create")) {
        @Override
        Map<String, URI> addresses(Sandbox sandbox) {
            return Map.of("baseUrl", sandbox.wiroUri(), "socketUrl", sandbox.wiroSocketUri());
        }

        @Override
        boolean pushes() {
            return true;
        }

        @Override
        List<String> ownProperties(Sandbox sandbox) {
            // without it each picture would be a request that is signed with nothing
            return List.of("camel.component.genvideo.accounts[wiro].secretKey = " + SandboxConfig.DEFAULT_WIRO_SECRET);
        }

        @Override
        List<FaultRule> ownFaults() {
            return List.of(
                    rule("tool-detail", Fault.status(503), 0.05),
                    rule("task-list", Fault.status(503), 0.05),
                    rule("socket", Fault.status(503), 0.1));
        }
    },
    /** A task is a message, a comparison of two states and an export, and a kill can come between any two of them. */
    NEMO("nemo", "nmv_usr_harness", "nemo_agent", "nemo_agent", List.of("create")) {
        @Override
        Map<String, URI> addresses(Sandbox sandbox) {
            return Map.of("baseUrl", sandbox.nemoUri());
        }

        @Override
        boolean pushes() {
            return true;
        }

        @Override
        List<String> ownProperties(Sandbox sandbox) {
            return List.of(
                    "camel.component.genvideo.accounts[nemo].settings[settleSeconds] = 1",
                    "camel.component.genvideo.accounts[nemo].settings[recoverSeconds] = 12");
        }

        /** A failure that only the stream reports is never known to a process that was dead meanwhile: the task stays open. */
        @Override
        String failure() {
            return "[[render-fail: 2]]";
        }

        @Override
        List<FaultRule> ownFaults() {
            return List.of(
                    rule("create", Fault.dropStream(0, Fault.End.CLEAN), 0.03),
                    rule("create", Fault.dropStream(1, Fault.End.RESET), 0.05),
                    rule("create", Fault.dropStream(2, Fault.End.CUT), 0.05),
                    rule("session", Fault.status(503), 0.05),
                    rule("upload", Fault.status(503), 0.05),
                    rule("state", Fault.status(503), 0.05),
                    rule("state", Fault.stall(STALL), 0.02),
                    rule("render", Fault.status(503), 0.05),
                    rule("render", Fault.loseAnswer(), 0.05));
        }
    };

    private static final String FILE_DROP = "classpath:routes/file-drop.camel.yaml";

    private static final String ALL = "all";

    /** How long a response is held back. */
    static final Duration STALL = Duration.ofSeconds(3);

    private final String provider;
    private final String key;
    private final String imageModel;
    private final String textModel;
    /** Routes of the sandbox that create tasks. */
    private final List<String> creates;

    TestedProvider(String provider, String key, String imageModel, String textModel, List<String> creates) {
        this.provider = provider;
        this.key = key;
        this.imageModel = imageModel;
        this.textModel = textModel;
        this.creates = creates;
    }

    /** The options of its account that hold addresses. */
    abstract Map<String, URI> addresses(Sandbox sandbox);

    /** The routes of the process that is killed. */
    List<String> routes() {
        return List.of(FILE_DROP);
    }

    /** Whether the service pushes how a task stands, so that polls follow a push, too. */
    boolean pushes() {
        return false;
    }

    /** The directive for a task that fails at the service. */
    String failure() {
        return "[[fail: the model lost its way]]";
    }

    /** Properties that only this provider needs. */
    List<String> ownProperties(Sandbox sandbox) {
        return List.of();
    }

    /** Faults of calls that only this provider has. */
    abstract List<FaultRule> ownFaults();

    /** The provider of system property {@code harness.provider}, by default IMA Studio. */
    static TestedProvider fromProperties() {
        return of(selected());
    }

    /** The same, or all providers for {@code all}. */
    static List<TestedProvider> allFromProperties() {
        return selected().equals(ALL) ? List.of(values()) : List.of(fromProperties());
    }

    private static String selected() {
        return System.getProperty("harness.provider", "ima");
    }

    String provider() {
        return provider;
    }

    /** @throws IllegalArgumentException if the harness knows no provider of that name */
    static TestedProvider of(String provider) {
        return Arrays.stream(values())
                .filter(s -> s.provider.equals(provider))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("harness.provider=" + provider + " is not allowed; allowed: "
                                + Arrays.stream(values()).map(s -> s.provider).collect(Collectors.joining(", "))));
    }

    /** The properties of the route and of the account. */
    List<String> properties(Sandbox sandbox) {
        String account = "camel.component.genvideo.accounts[" + provider + "].";
        List<String> properties = new ArrayList<>(List.of(
                "camel.main.routesIncludePattern = " + String.join(",", routes()),
                "genvideo.provider = " + provider,
                "genvideo.model = " + imageModel,
                account + "apiKey = " + key));
        properties.addAll(ownProperties(sandbox));
        addresses(sandbox).forEach((option, uri) -> properties.add(account + option + " = " + uri));
        return properties;
    }

    /** Sets the account of a component in this process. */
    void configure(GenvideoComponent component, Sandbox sandbox) {
        GenvideoAccount account = new GenvideoAccount();
        account.setApiKey(key);
        Map<String, URI> uris = addresses(sandbox);
        account.setBaseUrl(String.valueOf(uris.get("baseUrl")));
        if (uris.containsKey("uploadUrl")) {
            account.setUploadUrl(String.valueOf(uris.get("uploadUrl")));
        }
        if (uris.containsKey("socketUrl")) {
            account.setSocketUrl(String.valueOf(uris.get("socketUrl")));
        }
        component.getAccounts().put(provider, account);
    }

    /** An endpoint that generates a video from a prompt. */
    String textToVideo() {
        return "genvideo:" + provider + "/text_to_video?model=" + textModel;
    }

    /** A rule for every call that creates a task. */
    List<FaultRule> onCreate(Fault fault, double probability) {
        return creates.stream().map(route -> rule(route, fault, probability)).toList();
    }

    FaultRule rule(String route, Fault fault, double probability) {
        return FaultRule.on(provider, route, fault).withProbability(probability);
    }

    /**
     * The faults while the route is killed: 5 % of the create responses are lost after the task was made and paid, 5 % of
     * creates and polls are answered with 503, 2 % of all connections are reset, some responses are late, and some downloads
     * and streams are cut.
     */
    List<FaultRule> faults() {
        List<FaultRule> faults = new ArrayList<>();
        faults.addAll(onCreate(Fault.loseAnswer(), 0.05));
        faults.addAll(onCreate(Fault.status(503), 0.05));
        faults.add(rule("detail", Fault.status(503), 0.05));
        faults.add(rule("detail", Fault.loseAnswer(), 0.02));
        faults.add(rule("media", Fault.truncate(), 0.05));
        faults.addAll(onCreate(Fault.stall(STALL), 0.03));
        faults.add(rule("detail", Fault.stall(STALL), 0.02));
        faults.addAll(ownFaults());
        faults.add(rule("*", Fault.resetBefore(), 0.02));
        return faults;
    }
}
