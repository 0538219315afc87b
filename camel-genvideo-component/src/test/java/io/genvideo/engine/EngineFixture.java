/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.engine;

import io.genvideo.conformance.MortalLoop;
import io.genvideo.conformance.VirtualLoop;
import io.genvideo.engine.Submission.WaitFor;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.GenerationTask;
import io.genvideo.model.Operation;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.TaskOwner;
import io.genvideo.spi.TaskRecord;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A {@link TaskEngine} in virtual time, with a service that does as it is reported and a journal that can be watched.
 *
 * <pre>{@code
 * EngineFixture f = new EngineFixture();
 * f.service.on("a cat").takes(ofSeconds(40));
 * Exchange cat = f.submit("a cat").key("k1").send();
 * f.advance(ofMinutes(1));
 * assertThat(cat.task().status()).isEqualTo(SUCCEEDED);
 * }</pre>
 */
public final class EngineFixture {
    public final VirtualLoop loop = new VirtualLoop();
    public final ScriptedProvider service = new ScriptedProvider(loop);
    public final JournalSpy journal;
    /** What was journalled and requested from the service, in sequence. */
    public final List<String> timeline = new ArrayList<>();

    public final List<String> warnings = new ArrayList<>();
    public final List<String> details = new ArrayList<>();
    public final List<GenerationTask> finished = new ArrayList<>();
    private final EngineSettings settings;
    private final long seed;
    private EngineAccount account = service.account("default");
    private TaskEngine engine;
    private MortalLoop process = new MortalLoop(loop);
    private TaskOwner owner = new TaskOwner("process", "engine-0");
    private int engines;
    private int records;

    public EngineFixture() {
        this(EngineSettings.DEFAULT, 1);
    }

    public EngineFixture(EngineSettings settings, long seed) {
        this(JournalSpy::new, settings, seed);
    }

    /** @param journal made from the clock of leases */
    public EngineFixture(Function<InstantSource, JournalSpy> journal, EngineSettings settings, long seed) {
        this.journal = journal.apply(loop::now);
        this.settings = settings;
        this.seed = seed;
        service.listener(call -> timeline.add(call.toString()));
        this.journal.listener(timeline::add);
        engine = newEngine();
    }

    /** Remembers no single call any more: for very many tasks. */
    public EngineFixture forgetCalls() {
        service.forgetCalls();
        service.listener(call -> {});
        journal.listener(entry -> {});
        return this;
    }

    public TaskEngine engine() {
        return engine;
    }

    /** The process dies at once, and another one starts over the same journal and service. */
    public void crash() {
        process.die();
        engine = newEngine();
        start();
    }

    /** The process stands still, as in a long collection, while the world's time goes on. */
    public void pause(Duration time) {
        process.pause(time);
    }

    /** Another living engine over the same journal and service, as on a second machine. */
    public TaskEngine neighbour() {
        TaskEngine neighbour = new TaskEngine(
                loop,
                journal,
                new TaskOwner("machine", "neighbour-" + ++engines),
                JournalExecutors.single(journal),
                settings,
                TaskObserver.NONE,
                new Random(seed),
                Runnable::run);
        neighbour.start();
        neighbour.use(account);
        return neighbour;
    }

    /** The engine manages the journal from now on, and has the credentials of its account. */
    public void start() {
        engine.start();
        engine.use(account);
    }

    private TaskEngine newEngine() {
        process = new MortalLoop(loop);
        owner = new TaskOwner("process", "engine-" + ++engines);
        TaskObserver observer = new TaskObserver() {
            @Override
            public void finished(GenerationTask task) {
                finished.add(task);
            }

            @Override
            public void warning(String text) {
                warnings.add(text);
            }

            @Override
            public void detail(String text) {
                details.add(text);
            }
        };
        return new TaskEngine(
                process,
                journal,
                owner,
                JournalExecutors.single(journal),
                settings,
                observer,
                new Random(seed),
                Runnable::run);
    }

    public EngineAccount account() {
        return account;
    }

    /** The engine, in the journal. */
    public TaskOwner owner() {
        return owner;
    }

    public void advance(Duration time) {
        loop.advance(time);
    }

    public void run() {
        loop.runDue();
    }

    /** A submission of a request whose prompt names its {@link TaskScript}. */
    public Request submit(String prompt) {
        return new Request(prompt);
    }

    /** The account as the service describes itself now. */
    public void describeAgain() {
        account = service.account("default");
    }

    public Exchange await(String taskId, Duration timeout) {
        String recordId = nextRecordId();
        return new Exchange(
                recordId, engine.await(account, taskId, Operation.TEXT_TO_VIDEO, recordId, timeout, null, null));
    }

    /** The journal's record of an exchange's task. */
    public TaskRecord record(Exchange exchange) {
        return journal.find(exchange.recordId()).orElseThrow(() -> new AssertionError("no record"));
    }

    public String nextRecordId() {
        return "r" + seed + "-" + ++records;
    }

    /** A submission before it is sent. */
    public final class Request {
        private final GenerationRequest.Builder request =
                GenerationRequest.builder().operation(Operation.TEXT_TO_VIDEO);
        private EngineAccount payer = account;
        private @Nullable String key;
        private @Nullable String resume;
        private String fingerprint;
        private WaitFor waitFor = WaitFor.RESULT;
        private Duration timeout = Duration.ofMinutes(30);
        private @Nullable Duration pollInterval;
        private int maxInFlight = 100;
        private int maxStreams = 100;
        private int retryFailed;
        private @Nullable Consumer<TaskProgress> progress;

        private Submission.Abandon abandon = Submission.Abandon.NEVER;

        private Request(String prompt) {
            request.prompt(prompt);
            fingerprint = "fingerprint of " + prompt;
        }

        public Request key(@Nullable String value) {
            key = value;
            return this;
        }

        /** As a redelivered exchange, which has made this record before. */
        public Request resuming(String recordId) {
            resume = recordId;
            return this;
        }

        public Request fingerprint(String value) {
            fingerprint = value;
            return this;
        }

        public Request operation(Operation value) {
            request.operation(value);
            return this;
        }

        public Request account(String name) {
            payer = service.account(name);
            return this;
        }

        public Request account(EngineAccount value) {
            payer = value;
            return this;
        }

        public Request maxCredits(String value) {
            request.maxCredits(new BigDecimal(value));
            return this;
        }

        public Request forAcceptance() {
            waitFor = WaitFor.ACCEPTANCE;
            return this;
        }

        public Request timeout(Duration value) {
            timeout = value;
            return this;
        }

        public Request pollInterval(@Nullable Duration value) {
            pollInterval = value;
            return this;
        }

        public Request maxInFlight(int value) {
            maxInFlight = value;
            return this;
        }

        public Request maxStreams(int value) {
            maxStreams = value;
            return this;
        }

        public Request progress(Consumer<TaskProgress> value) {
            progress = value;
            return this;
        }

        public Request abandon(Submission.Abandon value) {
            abandon = value;
            return this;
        }

        public Request retryFailed(int value) {
            retryFailed = value;
            return this;
        }

        /** Hands it to the engine; nothing happens before time is turned. */
        public Exchange queue() {
            String recordId = nextRecordId();
            return new Exchange(recordId, engine.submit(submission(recordId)));
        }

        /** As a value, for an engine of the test's own. */
        public Submission submission(String recordId) {
            return Submission.builder(recordId, payer, request.build(), fingerprint)
                    .earlierRecordIds(resume == null ? List.of() : List.of(resume))
                    .key(key)
                    .reference("reference of " + recordId)
                    .waitFor(waitFor)
                    .timeout(timeout)
                    .pollInterval(pollInterval)
                    .maxInFlight(maxInFlight)
                    .callOptions(CallOptions.timeout(Duration.ofSeconds(30)))
                    .maxStreams(maxStreams)
                    .retryFailed(retryFailed)
                    .abandon(abandon)
                    .progress(progress)
                    .build();
        }

        /** Hands it to another engine; nothing happens before time is turned. */
        public Exchange queueAt(TaskEngine other) {
            String recordId = nextRecordId();
            return new Exchange(recordId, other.submit(submission(recordId)));
        }

        /** Hands it to the engine and runs what is due. */
        public Exchange send() {
            Exchange exchange = queue();
            loop.runDue();
            return exchange;
        }
    }
}
