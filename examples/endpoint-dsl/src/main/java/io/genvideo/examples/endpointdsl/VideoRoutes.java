/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.examples.endpointdsl;

import io.genvideo.camel.GenvideoConstants;
import io.genvideo.camel.endpointdsl.dsl.GenvideoEndpointBuilderFactory.GenvideoBuilders;
import org.apache.camel.builder.endpoint.EndpointRouteBuilder;

/**
 * {@code direct:video} makes a video of a text and returns its file; {@code direct:start} only starts it, and the last route
 * writes what nobody waits for into the folder of the property {@code videos}.
 */
public final class VideoRoutes extends EndpointRouteBuilder implements GenvideoBuilders {
    @Override
    public void configure() {
        from(direct("video"))
                .to(genvideo("ima/text_to_video")
                        .model("wan2.6-t2v")
                        .duration(10.0)
                        .aspectRatio("16:9")
                        .download(true));

        from(direct("start"))
                .to(genvideo("ima/text_to_video").model("wan2.6-t2v").waitForResult(false))
                .setBody(header(genvideo().genvideoTaskId()));

        from(genvideo("ima/tasks").download(true).delay(500))
                .filter(header(GenvideoConstants.STATUS).isEqualTo("SUCCEEDED"))
                .to(file("{{videos}}").tempPrefix(".writing-"));
    }
}
