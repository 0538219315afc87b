/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.genvideo.model.DeliveryState;
import io.genvideo.model.Media;
import io.genvideo.model.MediaKind;
import io.genvideo.model.Operation;
import io.genvideo.model.TaskStatus;
import io.genvideo.spi.TaskOwner;
import io.genvideo.spi.TaskRecord;
import io.genvideo.spi.TaskRepository;
import io.genvideo.spi.TaskWrite;
import io.genvideo.spi.WriteResult;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

/** What a journal costs that holds many records, in a process of its own; prints its figures as one line of JSON. */
public final class JournalMain {
    private static final String ACCOUNT = "ima/ima";
    private static final Duration LEASE = Duration.ofMinutes(30);
    private static final TaskOwner HEALTHY = new TaskOwner("1-1", "healthy");
    private static final TaskOwner OTHER = new TaskOwner("2-2", "other");
    private static final int GROUP = 100;
    private static final int TIMES = 5;

    private final LoadSettings settings;
    private final ObjectNode result = new ObjectMapper().createObjectNode();

    private JournalMain(LoadSettings settings) {
        this.settings = settings;
    }

    /** @param args those of {@link LoadSettings}; {@code client} is {@code open}, {@code finished} or {@code late} */
    public static void main(String[] args) throws Exception {
        LoadSettings settings = LoadSettings.of(args);
        JournalMain main = new JournalMain(settings);
        switch (settings.client()) {
            case "open" -> main.open();
            case "finished" -> main.finished();
            case "late" -> main.late();
            default ->
                throw new IllegalArgumentException(
                        "client=" + settings.client() + " is not allowed; allowed: open, finished, late");
        }
        System.out.println(main.result);
        System.exit(0);
    }

    /** Records that are at work, whose owner is well. */
    private void open() throws Exception {
        try (Journals journals = Journals.open(settings.journal(), settings.folder());
                TaskRepository repository = journals.repository()) {
            repository.open(HEALTHY);
            fill(repository, TaskStatus.RUNNING, DeliveryState.OWNED);
            repository.renew(HEALTHY, LEASE);
            result.put("leaseMillis", median(() -> {
                List<TaskRecord> taken = repository.claimLapsed(OTHER, Set.of(ACCOUNT), LEASE, 100);
                if (!taken.isEmpty()) {
                    throw new IllegalStateException("records of a healthy owner were taken");
                }
            }));
            result.put("renewMillis", median(() -> repository.renew(HEALTHY, LEASE)));
            result.put("tallyMillis", median(repository::tally));
            Instant past = Instant.now().minus(Duration.ofDays(1));
            result.put("purgeMillis", median(() -> repository.purge(past, past, 100)));
        }
    }

    /** The component starts on a journal of delivered records. */
    private void finished() throws Exception {
        try (Journals journals = Journals.open(settings.journal(), settings.folder());
                TaskRepository repository = journals.repository()) {
            repository.open(HEALTHY);
            fill(repository, TaskStatus.SUCCEEDED, DeliveryState.DELIVERED);
            repository.release(HEALTHY);
        }
        result.put("journalBytes", Journals.bytesIn(settings.folder()));
        ProcessUsage before = ProcessUsage.now(settings.servicePid());
        try (ComponentClient client = new ComponentClient(settings)) {
            CountDownLatch done = new CountDownLatch(1);
            client.generate("takes=0 a cat on a wall", taskId -> done.countDown());
            done.await();
            ProcessUsage used = ProcessUsage.now(settings.servicePid()).since(before);
            result.put("startSeconds", used.seconds());
            result.put("cpuSeconds", used.cpuSeconds());
        }
    }

    /** A consumer takes what no exchange waited for. */
    private void late() throws Exception {
        try (Journals journals = Journals.open(settings.journal(), settings.folder());
                TaskRepository repository = journals.repository()) {
            repository.open(HEALTHY);
            fill(repository, TaskStatus.SUCCEEDED, DeliveryState.AVAILABLE);
            repository.release(HEALTHY);
            long[] deliveredAt = new long[settings.tasks()];
            AtomicInteger delivered = new AtomicInteger();
            CountDownLatch all = new CountDownLatch(settings.tasks());
            try (CamelContext context = new DefaultCamelContext()) {
                journals.bind(context.getRegistry());
                context.addRoutes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("genvideo:ima/tasks?greedy=true&delay=10&initialDelay=0")
                                .process(exchange -> {
                                    int number = delivered.getAndIncrement();
                                    if (number < deliveredAt.length) {
                                        deliveredAt[number] = System.nanoTime();
                                    }
                                    all.countDown();
                                });
                    }
                });
                long begun = System.nanoTime();
                context.start();
                all.await();
                result.put("seconds", (System.nanoTime() - begun) / 1e9);
            }
            double[] gaps = new double[deliveredAt.length - 1];
            Arrays.setAll(gaps, i -> (deliveredAt[i + 1] - deliveredAt[i]) / 1e6);
            Arrays.sort(gaps);
            result.put("gapMillisP50", gaps[gaps.length / 2]);
            result.put("gapMillisP99", gaps[(int) (gaps.length * 0.99)]);
            result.put("gapMillisMax", gaps[gaps.length - 1]);
        }
    }

    /** Fills the journal as the engine writes: several records in one transaction. */
    private void fill(TaskRepository repository, TaskStatus status, DeliveryState delivery) {
        long begun = System.nanoTime();
        for (int from = 0; from < settings.tasks(); from += GROUP) {
            List<TaskWrite> group = IntStream.range(from, Math.min(from + GROUP, settings.tasks()))
                    .mapToObj(number -> TaskWrite.reserve(record(number, status, delivery), LEASE))
                    .toList();
            repository.writeAll(group).forEach(WriteResult::orThrow);
        }
        result.put("writesPerSecond", settings.tasks() / ((System.nanoTime() - begun) / 1e9));
    }

    private static TaskRecord record(int number, TaskStatus status, DeliveryState delivery) {
        Instant now = Instant.now();
        TaskRecord.Builder record = TaskRecord.reservation("record-" + number)
                .provider("ima")
                .account(ACCOUNT)
                .operation(Operation.TEXT_TO_VIDEO)
                .key("key-" + number)
                .fingerprint("fingerprint")
                .owner(HEALTHY)
                .reference("reference " + number)
                .createdAt(now)
                .build()
                .toBuilder()
                .model("wan2.6-t2v")
                .status(TaskStatus.SUBMITTING)
                .status(TaskStatus.QUEUED)
                .taskId("task-" + number)
                .submittingAt(now)
                .acceptedAt(now);
        if (!status.isTerminal()) {
            return record.status(status).build();
        }
        return record.status(status)
                .delivery(delivery)
                .availableAt(delivery == DeliveryState.AVAILABLE ? now.minusSeconds(1) : null)
                .finishedAt(now)
                .media(List.of(new Media(
                        URI.create("https://media.example.com/" + number + ".mp4"),
                        MediaKind.VIDEO,
                        "video/mp4",
                        null,
                        5.0,
                        1920,
                        1080,
                        null)))
                .raw(Map.of("code", 0, "data", Map.of("id", "task-" + number)))
                .build();
    }

    private static double median(Runnable call) {
        double[] millis = new double[TIMES];
        for (int i = 0; i < TIMES; i++) {
            long begun = System.nanoTime();
            call.run();
            millis[i] = (System.nanoTime() - begun) / 1e6;
        }
        Arrays.sort(millis);
        return millis[TIMES / 2];
    }
}
