/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.examples.quarkus;

import io.genvideo.camel.GenvideoConstants;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.WaitReleasedException;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.File;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jspecify.annotations.Nullable;

/** {@code POST /videos}: a sentence in, a video out. No thread waits meanwhile, however long it takes. */
@Path("/videos")
public class VideoResource {
    private final ProducerTemplate template;

    VideoResource(ProducerTemplate template) {
        this.template = template;
    }

    /**
     * Makes a video.
     *
     * @param prompt describes it
     * @param key identifies the request: a client that lost its connection sends the same key again and gets the video of the task
     *     that it has paid for
     */
    @POST
    @Consumes(MediaType.TEXT_PLAIN)
    @Produces("video/mp4")
    public CompletionStage<File> create(String prompt, @HeaderParam("Idempotency-Key") @Nullable String key) {
        return template.asyncSend("direct:video", exchange -> {
                    exchange.getMessage().setBody(prompt);
                    exchange.getMessage().setHeader(GenvideoConstants.IDEMPOTENCY_KEY, key);
                })
                .thenApply(VideoResource::video);
    }

    private static File video(Exchange exchange) {
        if (exchange.isFailed()) {
            throw new CompletionException(exchange.getException());
        }
        return exchange.getMessage().getBody(File.class);
    }

    /** What the client did wrong keeps its status; what this application cannot do, credentials included, is 502. */
    @ServerExceptionMapper
    public Response failed(GenvideoException failure) {
        int status = switch (failure.getCategory()) {
            case INVALID_REQUEST, CONTENT_REJECTED, SERVICE_UNAVAILABLE, TIMEOUT -> failure.getHttpResponseCode();
            default -> Response.Status.BAD_GATEWAY.getStatusCode();
        };
        return Response.status(status)
                .type(MediaType.TEXT_PLAIN_TYPE)
                .entity(failure.getUserMessage() + "\n")
                .build();
    }

    /** The application stops and the task goes on: the same key attaches to it afterwards. */
    @ServerExceptionMapper
    public Response released(WaitReleasedException released) {
        return Response.status(Response.Status.SERVICE_UNAVAILABLE).build();
    }
}
