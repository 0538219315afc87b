/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.http.GatewayResponse;
import io.genvideo.http.HttpCall;
import io.genvideo.http.HttpGateway;
import io.genvideo.http.HttpGatewayException;
import io.genvideo.model.GenerationOptions;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.MediaInput;
import io.genvideo.model.MediaRole;
import io.genvideo.model.MediaSource;
import io.genvideo.model.ModelInfo;
import io.genvideo.model.Operation;
import io.genvideo.provider.support.PictureSamples;
import io.genvideo.provider.wiro.WiroProviderFactory;
import io.genvideo.spi.AccountSettings;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.CancelOutcome;
import io.genvideo.spi.GenerationProvider;
import io.genvideo.spi.LostSubmission;
import io.genvideo.spi.PlannedGeneration;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.ProviderContext;
import io.genvideo.spi.ReadyGeneration;
import io.genvideo.spi.RecoveryOutcome;
import io.genvideo.spi.SubmitOutcome;
import io.genvideo.spi.SubmittedTask;
import io.genvideo.spi.TaskPush;
import io.genvideo.spi.TaskSubscription;
import io.genvideo.spi.WebhookEvent;
import io.genvideo.spi.WebhookReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whatever Wiro answers, pushes or posts, and whatever a user asks of it (docs/contracts/wiro.md). */
class WiroFuzzTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final String SECRET = "ws_fedcba9876543210";
    private static final String TOKEN = "eDcCm5yyUfIvMFspTwww49OUfgXkQt";
    private static final String CALLBACK = "https://hooks.example.com/hook/c2VjcmV0LXBhdGgtb2YtdGhlLWhvb2s";
    private static final String MODEL = "alibaba/wan 2.6";
    private static final List<String> WORDS = List.of(
            "result",
            "errors",
            "code",
            "message",
            "time",
            "total",
            "taskid",
            "socketaccesstoken",
            "tasktoken",
            "tasklist",
            "id",
            "2221",
            "status",
            "pexit",
            "totalcost",
            "createtime",
            "parameters",
            "prompt",
            "callbackurl",
            "outputs",
            "output",
            "url",
            "contenttype",
            "accesskey",
            "debugerror",
            "modelslugowner",
            "modelslugproject",
            "task_queue",
            "task_output",
            "task_error",
            "task_end",
            "task_postprocess_end",
            "task_cancel",
            "percentage",
            "type",
            "data",
            "tool",
            "items",
            "options",
            "value",
            "default",
            "required",
            "min",
            "max",
            "fileinput",
            "multifileinput",
            "combinefileinput",
            "select",
            "range",
            "inputImage",
            "inputImageUrl",
            "categories",
            "text-to-video",
            "list",
            "0",
            "1",
            "96",
            "97",
            "98",
            "There is no task yet.",
            "Task is not in a cancellable state.",
            "Request parameter [x] required",
            "https://cdn1.wiro.ai/a/0.mp4");
    private static final String CREATED =
            "{\"errors\":[],\"taskid\":\"2221\",\"socketaccesstoken\":\"" + TOKEN + "\",\"result\":true}";
    private static final String TASK = "{\"id\":\"2221\",\"socketaccesstoken\":\"" + TOKEN
            + "\",\"parameters\":{\"prompt\":\"" + Judge.PROMPT
            + "\",\"mode\":\"std\",\"duration\":\"5\",\"resolution\":\"1080P\"},\"debugoutput\":\"\",\"debugerror\":\"\","
            + "\"status\":\"task_postprocess_end\",\"pexit\":\"0\",\"createtime\":\"" + NOW.getEpochSecond()
            + "\",\"totalcost\":\"0.003510000000\",\"modelslugowner\":\"alibaba\",\"modelslugproject\":\"wan 2.6\","
            + "\"callbackurl\":\"" + CALLBACK + "\",\"outputs\":[{\"name\":\"0.mp4\",\"contenttype\":\"video/mp4\","
            + "\"size\":\"202472\",\"accesskey\":\"dFKl\",\"url\":\"https://cdn1.wiro.ai/a/0.mp4\"}]}";
    private static final String DONE = "{\"total\":\"1\",\"errors\":[],\"result\":true,\"tasklist\":[" + TASK + "]}";
    private static final String QUEUED = DONE.replace("task_postprocess_end", "task_queue");
    private static final String FAILED = DONE.replace("\"pexit\":\"0\"", "\"pexit\":\"1\"");
    private static final String ERROR =
            "{\"result\":false,\"errors\":[{\"code\":0,\"message\":\"cannot run " + Judge.PROMPT + "\",\"time\":1}]}";
    private static final String REFUSED = ERROR.replace("\"code\":0", "\"code\":97");
    private static final String NOT_CANCELLABLE =
            "{\"result\":false,\"errors\":[{\"code\":1,\"message\":\"Task is not in a cancellable state.\"}]}";
    private static final List<String> CREATE_SAMPLES = List.of(CREATED, CREATED, ERROR, REFUSED, DONE);
    private static final List<String> POLL_SAMPLES = List.of(
            DONE,
            DONE,
            QUEUED,
            FAILED,
            DONE.replace("task_postprocess_end", "task_start"),
            DONE.replace("task_postprocess_end", "task_cancel"),
            ERROR.replace(Judge.PROMPT, "this"));
    private static final List<Integer> STATUSES =
            List.of(200, 201, 204, 302, 303, 307, 400, 401, 402, 403, 404, 409, 429, 500, 502, 503, 504);
    private static final String TOOL =
            "{\"result\":true,\"errors\":[],\"total\":\"1\",\"tool\":[{\"title\":\"wan 2.6\",\"slugowner\":\"alibaba\","
                    + "\"slugproject\":\"wan 2.6\",\"categories\":[\"text-to-video\"],\"description\":\"Makes video\","
                    + "\"parameters\":[{\"title\":\"Inputs\",\"items\":["
                    + "{\"id\":\"prompt\",\"type\":\"textarea\",\"label\":\"prompt\",\"required\":true},"
                    + "{\"id\":\"negativePrompt\",\"type\":\"textarea\"},"
                    + "{\"id\":\"mode\",\"type\":\"select\",\"required\":true,\"options\":[{\"label\":\"std\",\"value\":\"std\"},"
                    + "{\"label\":\"pro\",\"value\":\"pro\"}],\"default\":\"std\"},"
                    + "{\"id\":\"duration\",\"type\":\"range\",\"required\":true,\"default\":\"5\",\"min\":\"3\",\"max\":\"15\"},"
                    + "{\"id\":\"resolution\",\"type\":\"select\",\"required\":true,\"options\":[{\"value\":\"720P\"},"
                    + "{\"value\":\"1080P\"}],\"default\":\"1080P\"},"
                    + "{\"id\":\"inputImage\",\"type\":\"combinefileinput\"},"
                    + "{\"id\":\"inputVideo\",\"type\":\"fileinput\"},{\"id\":\"inputVideoUrl\",\"type\":\"text\"},"
                    + "{\"id\":\"inputImages\",\"type\":\"multifileinput\"},{\"id\":\"inputImagesUrl\",\"type\":\"text\"}]}]}]}";
    private static final List<String> NAMES =
            List.of("duration", "mode", "resolution", "inputImage", "inputVideoUrl", "prompt", "callbackUrl", "");
    private static final List<Object> VALUES = List.of(
            "5",
            5,
            10.0,
            "1080p",
            "std",
            true,
            "https://cdn.example.com/a.png",
            List.of("https://cdn.example.com/a.png"),
            "a\u202eb\n",
            Double.NaN,
            Long.MIN_VALUE,
            List.of(List.of()),
            "9".repeat(3000));
    private static final SubmittedTask SUBMITTED =
            new SubmittedTask("r1", "2221", Operation.TEXT_TO_VIDEO, MODEL, null);

    /** Answers the description of the model with {@link #TOOL}, everything else with the next answer. */
    private static final class Service {
        private GatewayResponse next = StubGateway.response(200, new byte[0]);
        private final StubGateway http = new StubGateway(this::answer);

        private GatewayResponse answer(HttpCall call) {
            return call.uri().getPath().endsWith("/Tool/Detail") ? StubGateway.response(200, bytes(TOOL)) : next;
        }

        void next(Random random, byte[] body, Fuzz.Notes notes) {
            int status = random.nextInt(5) < 3 ? 200 : any(random, STATUSES);
            notes.add("HTTP " + status + " " + text(body));
            next = StubGateway.response(status, body);
            http.creates = 0;
        }
    }

    private static GenerationProvider provider(HttpGateway http) {
        AccountSettings account = AccountSettings.builder("wiro", "wiro")
                .apiKey(Judge.KEY)
                .secretKey(SECRET)
                .build();
        // later than the calls that are lost
        return new WiroProviderFactory()
                .create(new ProviderContext(account, http, () -> NOW.plus(Duration.ofMinutes(2)), new Random(1)));
    }

    private static GenerationRequest.Builder request() {
        return GenerationRequest.builder()
                .operation(Operation.TEXT_TO_VIDEO)
                .model(MODEL)
                .prompt(Judge.PROMPT);
    }

    private static ReadyGeneration ready(HttpGateway http) {
        CallOptions options = new CallOptions(null, null, CALLBACK);
        PlannedGeneration plan = (PlannedGeneration)
                Judge.OF_REQUEST.settled(() -> provider(http).plan(request().build(), options));
        return (ReadyGeneration) Judge.OF_REQUEST.settled(plan::stage);
    }

    private static <T> T any(Random random, List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    private static byte[] mutated(Random random, List<String> samples, List<String> quotes) {
        return new JsonMutator(random, WORDS, quotes).mutate(any(random, samples));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static boolean names(JsonNode said) {
        return said != null
                && Stream.of("/taskid", "/data/taskid", "/tasklist/0/taskid", "/tasklist/0/id")
                        .anyMatch(place -> Judge.isText(said.at(place)));
    }

    @Test
    void createResponse() throws InterruptedException {
        Service service = new Service();
        ReadyGeneration ready = ready(service.http);
        Fuzz.run("wiro-create", 50, (random, notes) -> {
            byte[] body = mutated(random, CREATE_SAMPLES, List.of(Judge.PROMPT, Judge.KEY, CALLBACK, SECRET));
            service.next(random, body, notes);
            Object outcome = Judge.OF_REQUEST.settled(ready::submit);
            assertThat(service.http.creates).as("creates of a submit").isEqualTo(1);
            assertThat(outcome).isInstanceOf(SubmitOutcome.class);
            JsonNode said = Judge.object(body);
            // 429 and redirects come from something in front of the service, which did not handle the call
            boolean isOwn = service.next.status() != 429 && service.next.status() / 100 != 3;
            boolean opens = said != null && isOwn && Judge.isText(said.path("socketaccesstoken"));
            Outcomes.judge(Judge.OF_REQUEST, (SubmitOutcome) outcome, opens || names(said));
            if (!(outcome instanceof SubmitOutcome.Accepted)) {
                assertThat(String.valueOf(outcome)).doesNotContain(SECRET).doesNotContain(CALLBACK);
            }
        });
    }

    @Test
    void pollResponse() throws InterruptedException {
        Service service = new Service();
        GenerationProvider provider = provider(service.http);
        Fuzz.run("wiro-poll", 50, (random, notes) -> {
            byte[] body = mutated(random, POLL_SAMPLES, Judge.QUOTED_TO_A_POLL);
            service.next(random, body, notes);
            Judge judge = Judge.ofPoll(body, "/tasklist/0/parameters/prompt");
            Object outcome = judge.settled(() -> provider.poll(SUBMITTED, CallOptions.DEFAULT));
            assertThat(outcome).isInstanceOf(PollOutcome.class);
            Outcomes.judge(judge, (PollOutcome) outcome, Judge.isObject(body));
            assertThat(service.http.creates).as("creates of a poll").isZero();
        });
    }

    /** A lost call is taken for found only with the same model, parameters and time. */
    @Test
    void listForRecovery() throws InterruptedException {
        Service service = new Service();
        String state = (String) Judge.OF_REQUEST.settled(ready(service.http)::prepare);
        GenerationProvider provider = provider(service.http);
        LostSubmission lost = new LostSubmission("r1", Operation.TEXT_TO_VIDEO, MODEL, state, NOW);
        Fuzz.run("wiro-recover", 18, (random, notes) -> {
            String rows = Stream.generate(() ->
                            any(random, List.of(TASK, TASK.replace("alibaba", "acme"), TASK.replace("\"5\"", "\"6\""))))
                    .limit(random.nextInt(4))
                    .collect(Collectors.joining(","));
            byte[] body = mutated(random, List.of(DONE.replace(TASK, rows)), Judge.QUOTED_TO_A_POLL);
            service.next(random, body, notes);
            Judge judge = Judge.ofPoll(body, "/tasklist/0/parameters/prompt");
            Object outcome = judge.settled(() -> provider.recover(lost, CallOptions.DEFAULT));
            assertThat(outcome).isInstanceOf(RecoveryOutcome.class).isNotInstanceOf(RecoveryOutcome.NotCreated.class);
            if (outcome instanceof RecoveryOutcome.Found found) {
                assertThat(found.taskId()).isNotBlank().hasSizeLessThanOrEqualTo(256);
                assertThat(Judge.isObject(body)).as("a list").isTrue();
                judge.raw(found.raw());
            }
            assertThat(service.http.creates).as("creates of a recovery").isZero();
        });
    }

    @Test
    void socket() throws InterruptedException {
        Service service = new Service();
        GenerationProvider provider = provider(service.http);
        List<String> samples = List.of(
                frame("task_output", "{\"type\":\"progressGenerate\",\"percentage\":\"60\",\"stepCurrent\":\"6\"}"),
                frame("task_output", "\"{\\\"percentage\\\":\\\"80.5\\\"}\""),
                frame("task_queue", "null"),
                frame("task_error", "\"a line\""),
                frame("task_postprocess_end", "[]"),
                frame("task_cancel", "null"));
        Fuzz.run("wiro-socket", 36, (random, notes) -> {
            service.next = StubGateway.response(200, bytes(QUEUED));
            service.http.sockets.clear();
            Pushes pushes = new Pushes();
            Object subscribed =
                    Judge.OF_ACCOUNT.settled(() -> provider.subscribe(SUBMITTED, pushes, CallOptions.DEFAULT));
            assertThat(subscribed).isInstanceOf(TaskSubscription.class);
            StubGateway.OpenSocket socket = service.http.sockets.get(0);
            assertThat(socket.sent()).singleElement().asString().contains(TOKEN);
            boolean goesOn = true;
            for (int i = random.nextInt(6); i >= 0 && goesOn; i--) {
                byte[] frame = mutated(random, samples, Judge.QUOTED_TO_A_POLL);
                notes.add("frame: " + text(frame));
                goesOn = socket.listener().message(text(frame));
            }
            socket.listener()
                    .ended(random.nextBoolean() ? new HttpGatewayException("connection reset", true, null) : null);
            pushes.judge();
        });
    }

    private static String frame(String type, String message) {
        return "{\"type\":\"" + type + "\",\"id\":\"2221\",\"tasktoken\":\"" + TOKEN + "\",\"message\":" + message
                + ",\"result\":true}";
    }

    /** Before a socket is opened the task's token is read. */
    @Test
    void detailForTheSocket() throws InterruptedException {
        Service service = new Service();
        GenerationProvider provider = provider(service.http);
        Fuzz.run("wiro-subscribe", 8, (random, notes) -> {
            service.http.sockets.clear();
            service.next(random, mutated(random, List.of(QUEUED), Judge.QUOTED_TO_A_POLL), notes);
            Object subscribed =
                    Judge.OF_ACCOUNT.settled(() -> provider.subscribe(SUBMITTED, new Pushes(), CallOptions.DEFAULT));
            assertThat(service.http.sockets).hasSize(subscribed instanceof TaskSubscription ? 1 : 0);
        });
    }

    @Test
    void cancelResponses() throws InterruptedException {
        Service service = new Service();
        GenerationProvider provider = provider(service.http);
        Fuzz.run("wiro-cancel", 12, (random, notes) -> {
            byte[] body = mutated(
                    random,
                    List.of(DONE.replace("task_postprocess_end", "task_cancel"), NOT_CANCELLABLE, ERROR),
                    Judge.QUOTED_TO_A_POLL);
            service.next(random, body, notes);
            Object outcome = Judge.OF_ACCOUNT.settled(() -> provider.cancel(SUBMITTED, CallOptions.DEFAULT));
            if (outcome instanceof CancelOutcome.Refused refused) {
                Judge.OF_ACCOUNT.clean(refused.error());
            } else {
                assertThat(outcome).isInstanceOfAny(CancelOutcome.Requested.class, GenvideoException.class);
            }
            assertThat(service.http.creates).as("creates of a cancel").isZero();
        });
    }

    /** A description that is read is one by which requests are planned, and what is kept of it is bounded. */
    @Test
    void descriptionOfAModel() throws InterruptedException {
        GatewayResponse[] next = {StubGateway.response(200, new byte[0])};
        StubGateway http = new StubGateway(call -> next[0]);
        Fuzz.run("wiro-describe", 16, (random, notes) -> {
            byte[] body = mutated(random, List.of(TOOL), List.of(Judge.KEY));
            notes.add(text(body));
            next[0] = StubGateway.response(200, body);
            GenerationProvider provider = provider(http);
            Object described = Judge.OF_ACCOUNT.settled(() -> provider.describe(MODEL, CallOptions.DEFAULT));
            if (described instanceof List<?> models) {
                assertThat(models)
                        .allSatisfy(m -> assertThat(((ModelInfo) m).toString()).hasSizeLessThan(100_000));
            }
            GenerationRequest request = random.nextBoolean()
                    ? request().build()
                    : request(random).model(MODEL).build();
            Object planned = Judge.OF_REQUEST.settled(() -> provider.plan(request, CallOptions.DEFAULT));
            if (planned instanceof PlannedGeneration plan) {
                ReadyGeneration ready = (ReadyGeneration) Judge.OF_REQUEST.settled(plan::stage);
                next[0] = StubGateway.response(200, bytes(CREATED));
                assertThat(Judge.OF_REQUEST.settled(ready::submit)).isInstanceOf(SubmitOutcome.Accepted.class);
            }
        });
    }

    @Test
    void listOfModels() throws InterruptedException {
        Service service = new Service();
        GenerationProvider provider = provider(service.http);
        Fuzz.run("wiro-models", 8, (random, notes) -> {
            String total = any(random, List.of("\"total\":\"1\"", "\"total\":\"3\"", "\"x\":1"));
            String list = TOOL.replace("\"total\":\"1\"", total);
            service.next(random, mutated(random, List.of(list), List.of(Judge.KEY)), notes);
            Object models = Judge.OF_ACCOUNT.settled(() -> provider.models(null, CallOptions.DEFAULT));
            if (models instanceof List<?> all) {
                assertThat(all).hasSizeLessThanOrEqualTo(2100);
            }
        });
    }

    @Test
    void uploadResponse() throws InterruptedException {
        Service service = new Service();
        GenerationProvider provider = provider(service.http);
        MediaInput picture =
                MediaInput.of(new MediaSource.Bytes(PictureSamples.picture("image/png", 64, 64), null, null));
        String uploaded =
                "{\"result\":true,\"errors\":[],\"list\":[{\"id\":\"1\",\"url\":\"https://cdn1.wiro.ai/f/1.png\"}]}";
        Fuzz.run("wiro-upload", 8, (random, notes) -> {
            service.next(random, mutated(random, List.of(uploaded, ERROR), Judge.QUOTED_TO_A_POLL), notes);
            Object url = Judge.OF_ACCOUNT.settled(() -> provider.upload(picture, CallOptions.DEFAULT));
            assertThat(url).isInstanceOfAny(URI.class, GenvideoException.class);
            assertThat(service.http.creates).as("uploads").isEqualTo(1);
        });
    }

    @Test
    void callback() throws InterruptedException {
        WebhookReader reader = new WiroProviderFactory().webhookReader(null, () -> NOW);
        List<String> samples = List.of(
                "{\"taskid\":\"2221\",\"status\":\"task_postprocess_end\",\"outputs\":[]}",
                DONE,
                "{\"data\":" + TASK + "}");
        Fuzz.run("wiro-callback", 8, (random, notes) -> {
            byte[] body = mutated(random, samples, Judge.QUOTED_TO_A_POLL);
            notes.add(text(body));
            WebhookEvent event = reader.read(name -> null, body);
            if (event instanceof WebhookEvent.Genuine known) {
                assertThat(known.taskId()).isNotBlank().hasSizeLessThanOrEqualTo(256);
            } else if (event instanceof WebhookEvent.Refused refused) {
                Judge.OF_ACCOUNT.clean("refusal", refused.why(), 300);
            }
        });
    }

    /** A request is planned or refused, and what is planned is sent once. */
    @Test
    void anyRequest() throws InterruptedException {
        Service service = new Service();
        service.next = StubGateway.response(200, bytes(CREATED));
        GenerationProvider provider = provider(service.http);
        Fuzz.run("wiro-request", 6, (random, notes) -> {
            GenerationRequest request = request(random).build();
            notes.add(request + " " + request.options());
            service.http.creates = 0;
            Object planned = Judge.OF_REQUEST.settled(() -> provider.plan(request, CallOptions.DEFAULT));
            assertThat(service.http.creates).as("creates of a plan").isZero();
            if (planned instanceof PlannedGeneration plan) {
                ReadyGeneration ready = (ReadyGeneration) Judge.OF_REQUEST.settled(plan::stage);
                assertThat(Judge.OF_REQUEST.settled(ready::submit)).isInstanceOf(SubmitOutcome.Accepted.class);
                assertThat(service.http.creates).as("creates of a submit").isEqualTo(1);
            } else {
                assertThat(planned).isInstanceOf(GenvideoException.class);
            }
        });
    }

    private static GenerationRequest.Builder request(Random random) {
        GenerationRequest.Builder request = GenerationRequest.builder()
                .operation(any(random, Operation.generations()))
                .model(any(random, List.of(MODEL, MODEL, "a/b", "../..", "", "a/b/c", "wan%2f/..")))
                .prompt(random.nextInt(8) == 0 ? " " : Judge.PROMPT.repeat(random.nextInt(30) == 0 ? 40 : 1));
        for (int i = random.nextInt(3); i > 0; i--) {
            request.parameter(any(random, NAMES), any(random, VALUES));
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            MediaRole role = random.nextBoolean() ? null : any(random, Arrays.asList(MediaRole.values()));
            MediaSource source = random.nextBoolean()
                    ? new MediaSource.Bytes(PictureSamples.picture("image/png", 64, 64), null, null)
                    : new MediaSource.Url(
                            URI.create("https://cdn.example.com/" + any(random, List.of("a.png", "a.mp4", "a"))));
            request.input(new MediaInput(role, source));
        }
        if (random.nextBoolean()) {
            request.options(new GenerationOptions(
                    random.nextBoolean() ? null : random.nextInt(20) / 2.0,
                    random.nextBoolean() ? null : any(random, List.of("720p", "4K", "1K\u0000")),
                    null,
                    random.nextInt(4) > 0 ? null : Judge.NEGATIVE,
                    null,
                    random.nextInt(4) > 0 ? null : random.nextInt(3),
                    null));
        }
        return request;
    }

    /** What an engine would get from a socket. */
    private static final class Pushes implements TaskPush {
        private final List<PollOutcome> outcomes = new ArrayList<>();
        private int ends;

        @Override
        public void saw(PollOutcome outcome) {
            assertThat(ends).as("ends before an outcome").isZero();
            outcomes.add(outcome);
        }

        @Override
        public void hint() {
            assertThat(ends).as("ends before a hint").isZero();
        }

        @Override
        public void ended() {
            ends++;
        }

        void judge() {
            assertThat(ends).as("ends of the push").isEqualTo(1);
            assertThat(outcomes).allSatisfy(o -> {
                assertThat(o).as("a push tells no end").isInstanceOf(PollOutcome.Pending.class);
                Outcomes.judge(Judge.OF_ACCOUNT, o, true);
            });
        }
    }
}
