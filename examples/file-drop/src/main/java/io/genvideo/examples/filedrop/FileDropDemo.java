/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.examples.filedrop;

import io.genvideo.sandbox.Sandbox;
import io.genvideo.sandbox.SandboxConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.builder.NotifyBuilder;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drops the sample picture and shows how its video is made; then goes on with whatever is put into {@code demo/inbox}. Killed
 * and started again it finishes what it had begun.
 *
 * <p>System properties: {@code demo.dir} (the folder, {@code demo}), {@code demo.once} (end after the sample),
 * {@code demo.seconds} (how long the simulated service takes, 20), {@code demo.sandbox} (a sandbox that runs in another
 * process, and so outlives this one), {@code demo.live} (the real service; needs {@code IMA_API_KEY} and spends credits).
 */
public final class FileDropDemo {
    private static final Logger LOG = LoggerFactory.getLogger(FileDropDemo.class);
    private static final String SAMPLE = "mountain-lake";
    private static final Duration ONCE_AT_MOST = Duration.ofMinutes(45);

    private final Path folder;
    private final boolean once;
    private final @Nullable SandboxBooks books;
    private final Main main = new Main();

    /** @param books of the sandbox; {@code null} for the real service */
    private FileDropDemo(Path folder, @Nullable SandboxBooks books) {
        this.folder = folder;
        this.books = books;
        this.once = Boolean.getBoolean("demo.once");
    }

    /**
     * Runs the demo until it is stopped, or the sample is done.
     *
     * @throws IllegalStateException if the demo should end after the sample and there is no video
     */
    public static void main(String[] args) throws Exception {
        Path folder =
                Path.of(System.getProperty("demo.dir", "demo")).toAbsolutePath().normalize();
        String elsewhere = System.getProperty("demo.sandbox", "");
        if (Boolean.getBoolean("demo.live")) {
            // A folder of its own: the journal of what was really paid is not mixed with a simulated one
            Path live = folder.resolve("live");
            LOG.info("The real service of IMA Studio makes the video: this spends credits of your account ({})", live);
            new FileDropDemo(live, null).run();
        } else if (!elsewhere.isBlank()) {
            withSandbox(folder, URI.create(elsewhere.replaceAll("/+$", "")));
        } else {
            forgetTasks(folder.resolve("journal"));
            try (Sandbox sandbox = startSandbox()) {
                withSandbox(folder, sandbox.uri());
            }
        }
    }

    private static void withSandbox(Path folder, URI sandbox) throws Exception {
        SandboxBooks books = new SandboxBooks(sandbox);
        LOG.info(
                "No credits are spent: the sandbox at {} stands in for IMA Studio. It has charged {} tasks so far",
                sandbox,
                books.charges());
        FileDropDemo demo = new FileDropDemo(folder, books);
        demo.main.addInitialProperty("camel.component.genvideo.accounts[ima].apiKey", "ima_sandbox");
        demo.main.addInitialProperty("camel.component.genvideo.accounts[ima].baseUrl", sandbox + "/ima");
        demo.main.addInitialProperty("camel.component.genvideo.accounts[ima].uploadUrl", sandbox + "/ima-upload");
        // the simulated service is faster than the real one that the schedule expects
        demo.main.addInitialProperty("camel.component.genvideo.pollInterval", "2s");
        demo.run();
    }

    private static Sandbox startSandbox() {
        return Sandbox.start(SandboxConfig.builder()
                .taskDuration(Duration.ofSeconds(Integer.getInteger("demo.seconds", 20)))
                .build());
    }

    /** The sandbox of an earlier run has ended with it, and so have its tasks: nobody can ask for them any more. */
    private static void forgetTasks(Path journal) throws IOException {
        if (Files.isDirectory(journal)) {
            try (Stream<Path> files = Files.list(journal)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private void run() throws Exception {
        main.addInitialProperty("genvideo.folder", folder.toString());
        main.configure().withRoutesIncludePattern("classpath:routes/file-drop.camel.yaml");
        main.addMainListener(new MainListenerSupport() {
            @Override
            public void afterStart(BaseMainSupport started) {
                NotifyBuilder sampleDone = new NotifyBuilder(started.getCamelContext())
                        .fromRoute("file-drop")
                        .whenDone(1)
                        .create();
                dropSample();
                whenDone(sampleDone);
                if (!once) {
                    LOG.info("Put more pictures into {} (Ctrl-C ends the demo)", folder.resolve("inbox"));
                }
            }
        });
        main.run();
        if (once && (main.getExitCode() != 0 || !Files.isRegularFile(video()))) {
            throw new IllegalStateException("the sample did not become a video; see " + folder.resolve("failed"));
        }
    }

    private void dropSample() {
        Path inbox = folder.resolve("inbox");
        Path picture = inbox.resolve(SAMPLE + ".jpg");
        try {
            Files.createDirectories(inbox);
            Files.deleteIfExists(video());
            if (Files.exists(picture)) {
                LOG.info("{} is still in {}: it goes on", picture.getFileName(), inbox);
                return;
            }
            // the prompt first: the picture is taken as soon as it is there
            copy("sample/" + SAMPLE + ".txt", inbox.resolve(SAMPLE + ".txt"));
            copy("sample/" + SAMPLE + ".jpg", picture);
        } catch (IOException e) {
            throw new UncheckedIOException("the sample can't be put into " + inbox, e);
        }
        LOG.info("Dropped {} into {}", picture.getFileName(), inbox);
    }

    private static void copy(String resource, Path target) throws IOException {
        try (InputStream in = FileDropDemo.class.getClassLoader().getResourceAsStream(resource)) {
            Files.copy(Objects.requireNonNull(in, resource), target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private void whenDone(NotifyBuilder sampleDone) {
        Thread end = new Thread(
                () -> {
                    if (sampleDone.matches(ONCE_AT_MOST.toSeconds(), TimeUnit.SECONDS)) {
                        if (books != null) {
                            LOG.info("The sandbox has now charged {} tasks", books.charges());
                        }
                    } else {
                        LOG.error("The sample is not done after {} minutes", ONCE_AT_MOST.toMinutes());
                    }
                    if (once) {
                        main.shutdown();
                    }
                },
                "demo-end");
        end.setDaemon(true);
        end.start();
    }

    private Path video() {
        return folder.resolve("outbox").resolve(SAMPLE + ".mp4");
    }
}
