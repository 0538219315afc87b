/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.conformance;

import io.genvideo.conformance.ServiceServer.Reply;
import io.genvideo.engine.Outcome;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.MediaInput;
import io.genvideo.model.MediaSource;
import io.genvideo.model.Operation;
import io.genvideo.model.TaskStatus;
import io.genvideo.repository.memory.MemoryTaskRepository;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.GenerationProvider;
import io.genvideo.spi.GenerationProviderFactory;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.ProviderDescriptor;
import io.genvideo.spi.ReadyGeneration;
import io.genvideo.spi.SubmitOutcome;
import io.genvideo.spi.SubmittedTask;
import io.genvideo.spi.TaskCount;
import io.genvideo.spi.TaskRecord;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * What one test of the kit works with: a service on a real socket, a journal that outlives processes, and processes in virtual
 * time, which stands still while a call is under way.
 */
final class TestBed implements AutoCloseable {
    static final String KEY = "kit_0123456789abcdef0123456789abcdef";
    static final String PROMPT = "a red kite above a very secret harbour";

    /** For calls that are meant to time out: long enough to be sent by a machine that is busy. */
    private static final CallOptions IMPATIENT = CallOptions.timeout(Duration.ofMillis(500));

    private final ServiceProtocol protocol;
    private final SimulatedService service;
    private final VirtualLoop loop = new VirtualLoop();
    private final CallsUnderWay underWay = new CallsUnderWay();
    private final MemoryTaskRepository journal = new MemoryTaskRepository(loop::now);
    private ProviderProcess process;
    private int processes;

    TestBed(ServiceProtocol protocol) {
        this(protocol, Steps.IMMORTAL);
    }

    /** @param lastStep at which the first process dies */
    TestBed(ServiceProtocol protocol, int lastStep) {
        this.protocol = protocol;
        this.service = new SimulatedService(protocol);
        loop.beforeTimePasses(underWay::await);
        process = startProcess(lastStep);
    }

    // ---- what there is ----

    ServiceProtocol protocol() {
        return protocol;
    }

    SimulatedService service() {
        return service;
    }

    GenerationProviderFactory factory() {
        return protocol.factory();
    }

    ProviderDescriptor descriptor() {
        return factory().descriptor();
    }

    /** The generation that is used where any will do. */
    Operation operation() {
        return Operation.generations().stream()
                .filter(descriptor().operations()::contains)
                .findFirst()
                .orElseThrow(() -> new AssertionError("the descriptor declares no generation"));
    }

    GenerationRequest request() {
        return request(operation()).build();
    }

    GenerationRequest.Builder request(Operation operation) {
        return protocol.request(operation).operation(operation).prompt(PROMPT);
    }

    /** The same, its inputs as files that have to be uploaded. */
    GenerationRequest requestWithFiles(Operation operation) {
        GenerationRequest request = request(operation).build();
        List<MediaInput> files = request.inputs().stream()
                .map(input -> new MediaInput(input.role(), picture().source()))
                .toList();
        return request.toBuilder().inputs(files).build();
    }

    static MediaInput picture() {
        byte[] png = "\u0089PNG\r\n\u001a\n\0\0\0\rIHDR\0\0\0\u0001\0\0\0\u0001".getBytes(StandardCharsets.ISO_8859_1);
        return MediaInput.of(new MediaSource.Bytes(png, "a.png", null));
    }

    ProviderProcess process() {
        return process;
    }

    /** The provider of the process. */
    GenerationProvider provider() {
        return process.provider();
    }

    /** The provider of an account with another key. */
    GenerationProvider providerWithKey(String key) {
        return new ProviderProcess(
                        "other", loop, underWay, journal, factory(), protocol.account(server(), key), Steps.IMMORTAL)
                .provider();
    }

    private URI server() {
        return service.server().uri();
    }

    /**
     * A process that starts over the same journal and service, instead of the one before.
     *
     * @param lastStep at which it dies
     */
    ProviderProcess startProcess(int lastStep) {
        process = new ProviderProcess(
                "process-" + ++processes,
                loop,
                underWay,
                journal,
                factory(),
                protocol.account(server(), KEY),
                lastStep);
        return process;
    }

    @Override
    public void close() {
        service.close();
    }

    /** Options of a call that gets this reply: only one without any end is to time out. */
    static CallOptions optionsFor(Reply reply) {
        return reply == Reply.None.SILENCE ? IMPATIENT : CallOptions.DEFAULT;
    }

    // ---- through the engine ----

    CompletableFuture<Outcome> submit(String key) {
        return submit(key, CallOptions.DEFAULT);
    }

    CompletableFuture<Outcome> submit(String key, CallOptions options) {
        return process.submit(request(), key, options, false);
    }

    void advance(Duration time) {
        loop.advance(time);
    }

    /** How many records there are in a status. */
    long records(TaskStatus status) {
        return journal.tally().stream()
                .filter(count -> count.status() == status)
                .mapToLong(TaskCount::records)
                .sum();
    }

    /** The exception with which an exchange has ended. */
    static GenvideoException failure(CompletableFuture<?> exchange) {
        if (!exchange.isDone()) {
            throw new AssertionError("the exchange still waits");
        }
        return ProviderCalls.failure(() -> exchange);
    }

    // ---- at the provider itself ----

    ReadyGeneration ready() {
        return ready(CallOptions.DEFAULT);
    }

    /** The catalogue, if there is one, is read before with all the time that it takes. */
    ReadyGeneration ready(CallOptions options) {
        if (options.requestTimeout() != null) {
            ready();
        }
        return ProviderCalls.ready(provider(), request(), options);
    }

    SubmitOutcome submitOnce() {
        return ProviderCalls.await(ready().submit());
    }

    PollOutcome poll(String taskId) {
        return poll(taskId, CallOptions.DEFAULT);
    }

    PollOutcome poll(String taskId, CallOptions options) {
        return ProviderCalls.await(provider().poll(task(taskId), options));
    }

    SubmittedTask task(String taskId) {
        return new SubmittedTask("record", taskId, operation(), null, null);
    }

    /** The real record of an exchange of the first process. */
    TaskRecord record() {
        return journal.find("record-process-1-1").orElseThrow(() -> new AssertionError("there is no record"));
    }
}
