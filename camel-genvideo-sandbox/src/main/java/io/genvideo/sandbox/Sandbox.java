/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox;

import io.genvideo.sandbox.ima.ImaService;
import io.genvideo.sandbox.media.MediaStore;
import io.genvideo.sandbox.media.Renderer;
import io.genvideo.sandbox.mediaio.MediaioService;
import io.genvideo.sandbox.nemo.NemoService;
import io.genvideo.sandbox.skillsvideo.SkillsvideoService;
import io.genvideo.sandbox.wiro.WiroService;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.handlers.RequestBufferingHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server on one port that speaks the services' wire protocols strictly, keeps books, renders real videos, and
 * misbehaves on demand. It makes no request of its own but for webhooks, to the one URL that is set for them.
 *
 * <pre>{@code
 * try (Sandbox sandbox = Sandbox.start(SandboxConfig.builder().build())) {
 *     // IMA: baseUrl = sandbox.imaUri(), uploadUrl = sandbox.imaUploadUri(), apiKey = ima_anything
 *     // skills.video: baseUrl = sandbox.skillsvideoUri(), apiKey = anything
 *     // Media.io: baseUrl = sandbox.mediaioUri(), apiKey = anything
 *     // Wiro: baseUrl = sandbox.wiroUri(), socket = sandbox.wiroSocketUri(), apiKey = anything
 *     // NemoVideo: baseUrl = sandbox.nemoUri(), apiKey = nmv_usr_anything
 *     sandbox.faults().add(FaultRule.on("ima", "create", Fault.loseAnswer()).withProbability(0.05));
 *     assertThat(sandbox.ledger().charges()).hasSize(1);
 * }
 * }</pre>
 */
public final class Sandbox implements AutoCloseable {
    /** Name of the sandbox's own pages; faults never touch them. */
    static final String OWN = "sandbox";

    private static final Logger LOG = LoggerFactory.getLogger(Sandbox.class);
    private static final int WORKERS = 32;
    /**
     * Buffers of 16 KiB that a request may fill before it gets a thread, so that slow bodies hold none. Longer ones, uploads,
     * are read by the thread that serves them.
     */
    private static final int BUFFERS = 4;

    private final String host;
    private final Undertow server;
    private final RequestDispatcher dispatcher;
    private final Ledger ledger;
    private final Faults faults;
    private final MediaStore media;
    private final Renderer renderer;
    private final Scheduler scheduler;
    private final ImaService ima;
    private final SkillsvideoService skillsvideo;
    private final WiroService wiro;
    private final List<SandboxService> services;
    private final LivePage livePage;
    private final int port;

    private Sandbox(SandboxConfig config) throws IOException {
        host = config.host();
        ledger = new Ledger(config.clock(), config.balance());
        faults = new Faults(config.clock(), config.seed(), ledger::forgetLostAnswers);
        media = new MediaStore(config.outputDir(), config.maxDiskBytes());
        renderer = new Renderer(config, media);
        scheduler = new Scheduler(config.clock());
        ima = new ImaService(config, ledger, media, renderer);
        skillsvideo = new SkillsvideoService(config, ledger, media, renderer, scheduler);
        wiro = new WiroService(config, ledger, media, renderer, scheduler);
        services = List.of(
                ima,
                skillsvideo,
                new MediaioService(config, ledger, media, renderer),
                wiro,
                new NemoService(config, ledger, media, renderer, scheduler));
        for (SandboxService service : services) {
            Set<String> names = new HashSet<>(Set.of(Pages.MEDIA_ROUTE, "unknown"));
            service.routes().forEach(r -> names.add(r.name()));
            faults.routes(service.name(), names);
        }
        Pages pages = new Pages(this);
        livePage = new LivePage(this, config, media);
        List<Route> own = new ArrayList<>(pages.routes(media));
        own.addAll(livePage.routes());
        dispatcher = new RequestDispatcher(services, own, ledger, faults);
        server = Undertow.builder()
                .addHttpListener(config.port(), config.host())
                .setWorkerThreads(WORKERS)
                .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, MediaStore.MAX_UPLOAD + (1L << 20))
                .setServerOption(UndertowOptions.NO_REQUEST_TIMEOUT, 120_000)
                .setHandler(new RequestBufferingHandler(dispatcher, BUFFERS))
                .build();
        try {
            server.start();
        } catch (RuntimeException e) {
            release();
            throw e;
        }
        port = ((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort();
    }

    /**
     * Starts a sandbox; it serves when this returns.
     *
     * @throws UncheckedIOException if the output folder cannot be made
     * @throws RuntimeException if the port is taken
     */
    public static Sandbox start(SandboxConfig config) {
        try {
            Sandbox sandbox = new Sandbox(config);
            LOG.info("sandbox listens on {}", sandbox.uri());
            return sandbox;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return port;
    }

    /** Where the sandbox itself is, e.g. {@code http://127.0.0.1:8089}. */
    public URI uri() {
        String shown = host.equals("0.0.0.0") || host.equals("::") ? "127.0.0.1" : host;
        return URI.create("http://" + (shown.contains(":") ? "[" + shown + "]" : shown) + ":" + port);
    }

    /** Base of the IMA API; a client appends {@code /open/v1/...}. */
    public URI imaUri() {
        return URI.create(uri() + "/ima");
    }

    /** Base of IMA's upload host; a client appends {@code /api/rest/oss/getuploadtoken}. */
    public URI imaUploadUri() {
        return URI.create(uri() + "/ima-upload");
    }

    /** Base of the skills.video API, in place of {@code https://open.skills.video/api/v1}. */
    public URI skillsvideoUri() {
        return URI.create(uri() + SkillsvideoService.BASE);
    }

    /** Base of the Media.io API, in place of {@code https://openapi.media.io}. */
    public URI mediaioUri() {
        return URI.create(uri() + MediaioService.BASE);
    }

    /** Base of the Wiro API, in place of {@code https://api.wiro.ai/v1}. */
    public URI wiroUri() {
        return URI.create(uri() + WiroService.BASE);
    }

    /** Wiro's socket, in place of {@code wss://socket.wiro.ai/v1}. */
    public URI wiroSocketUri() {
        return URI.create(uri().toString().replaceFirst("^http", "ws") + WiroService.SOCKET);
    }

    /** Base of the NemoVideo API, in place of {@code https://mega-api-prod.nemovideo.ai}. */
    public URI nemoUri() {
        return URI.create(uri() + NemoService.BASE);
    }

    /** The Wiro service, for tests that look at its callbacks and sockets. */
    public WiroService wiro() {
        return wiro;
    }

    /** All services, in the order in which the page lists them. */
    List<SandboxService> services() {
        return services;
    }

    public Ledger ledger() {
        return ledger;
    }

    public Faults faults() {
        return faults;
    }

    /** How many event streams are open now. */
    public int openStreams() {
        return dispatcher.openStreams();
    }

    /** The IMA service, for tests that change its catalogue. */
    public ImaService ima() {
        return ima;
    }

    /** The skills.video service, for tests that change its webhooks. */
    public SkillsvideoService skillsvideo() {
        return skillsvideo;
    }

    /** Empties the books, forgets all tasks and removes all fault rules; media stay until they are the oldest. */
    public void reset() {
        faults.clear();
        dispatcher.reset();
        services.forEach(SandboxService::reset);
        ledger.clear();
    }

    /** Stops serving and rendering; a temporary output folder is deleted. */
    @Override
    public void close() {
        server.stop();
        release();
    }

    private void release() {
        livePage.close();
        scheduler.close();
        services.forEach(SandboxService::close);
        renderer.close();
        media.close();
    }
}
