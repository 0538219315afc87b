/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import io.genvideo.spi.MediaUploader;
import java.util.concurrent.ExecutorService;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.ProducerTemplate;

/** Sends media to the routes of the option {@code uploadVia}, on threads of its own, because such a route may block. */
final class UploadRoutes implements AutoCloseable {
    /** As many uploads run at once; further ones wait, within the time of their requests. */
    static final int THREADS = 10;

    private final ProducerTemplate template;
    private final ExecutorService threads;

    /** @param threads not closed here */
    UploadRoutes(CamelContext context, ExecutorService threads) {
        this.template = context.createProducerTemplate();
        this.threads = threads;
    }

    /** An uploader for the media of one request, whose time begins now. */
    MediaUploader uploader(Endpoint route, String provider, GenvideoConfiguration options) {
        return new RouteUploader(
                route, template, threads, provider, options.isAllowPrivateUrls(), options.getTimeout());
    }

    @Override
    public void close() {
        template.stop();
    }
}
