/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.ima;

import io.genvideo.http.GatewayResponse;
import io.genvideo.http.HttpCall;
import io.genvideo.http.HttpGateway;
import io.genvideo.model.Operation;
import io.genvideo.provider.support.ServiceCalls;
import io.genvideo.spi.AccountSettings;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.SubmittedTask;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What it takes to build the request of a poll, to understand its response, and to sign an upload. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
public class WireBenchmark {
    private static final String DETAIL = "{\"code\":0,\"message\":\"success\",\"data\":{\"id\":\"task1\","
            + "\"task_type\":\"text_to_video\",\"medias\":[{\"resource_status\":%s,\"status\":\"%s\",\"url\":\"%s\","
            + "\"duration_str\":\"5s\",\"format\":\"mp4\",\"width\":1920,\"height\":1080,\"error_msg\":\"\","
            + "\"remark\":\"\",\"model_id\":\"wan2.6-t2v\"}]}}";

    private final ImaRequests requests = new ImaRequests(AccountSettings.builder("ima", "ima")
            .apiKey("ima_0123456789abcdef0123456789abcdef")
            .build());
    private final PollResponseMapper mapper;
    private final SubmittedTask task =
            new SubmittedTask("record", "task1", Operation.TEXT_TO_VIDEO, "wan2.6-t2v", null);
    private final GatewayResponse running = response(DETAIL.formatted("0", "processing", ""));
    private final GatewayResponse done =
            response(DETAIL.formatted("1", "success", "https://media.example.com/task1.mp4"));

    public WireBenchmark() {
        ServiceCalls calls = new ServiceCalls(unreachable(), ImaErrors.ERRORS);
        mapper = new PollResponseMapper(requests, new ImaCatalogue(requests, calls, InstantSource.system()));
    }

    private static HttpGateway unreachable() {
        return (HttpGateway) Proxy.newProxyInstance(
                WireBenchmark.class.getClassLoader(), new Class<?>[] {HttpGateway.class}, (proxy, method, args) -> {
                    throw new IllegalStateException("a step needs no network: " + method.getName());
                });
    }

    private static GatewayResponse response(String body) {
        return new GatewayResponse(200, Map.of(), body.getBytes(StandardCharsets.UTF_8));
    }

    @Benchmark
    public HttpCall requestOfPoll() {
        return requests.detail("task1");
    }

    @Benchmark
    public PollOutcome responseOfRunningTask() {
        return mapper.of(running, task);
    }

    @Benchmark
    public PollOutcome responseOfFinishedTask() {
        return mapper.of(done, task);
    }

    @Benchmark
    public String uploadSignature() {
        return UploadSignature.of("1772042430", "CxI1FLI5ajLJZ1jlxZmeg");
    }
}
