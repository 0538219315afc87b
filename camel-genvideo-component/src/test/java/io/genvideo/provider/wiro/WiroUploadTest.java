/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.wiro;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import io.genvideo.model.ErrorCategory;
import io.genvideo.spi.CallOptions;
import java.net.URI;
import org.junit.jupiter.api.Test;

/** docs/contracts/wiro.md section 10: File/Upload. */
class WiroUploadTest extends WiroTestSupport {

    @Test
    void sendsTheBytesAndGivesTheUrl() {
        stub(
                "/File/Upload",
                okJson("{\"result\":true,\"errors\":[],\"list\":[{\"url\":\"https://cdn1.wiro.ai/f/1.png\"}]}"));

        URI url = await(provider().upload(bytes("scene.png"), CallOptions.DEFAULT));

        assertThat(url).isEqualTo(URI.create("https://cdn1.wiro.ai/f/1.png"));
        LoggedRequest upload = SERVICE.findAll(postRequestedFor(urlPathEqualTo("/v1/File/Upload")))
                .get(0);
        assertThat(upload.getPart("file").getBody().asBytes()).isEqualTo(PNG);
        assertThat(upload.getHeader("x-signature")).hasSize(64);
    }

    @Test
    void anUploadIsNotRepeated() {
        stub("/File/Upload", aResponse().withStatus(503));

        assertThat(failure(() -> provider().upload(bytes("scene.png"), CallOptions.DEFAULT))
                        .getCategory())
                .isEqualTo(ErrorCategory.SERVICE_UNAVAILABLE);
        SERVICE.verify(1, postRequestedFor(urlPathEqualTo("/v1/File/Upload")));
    }

    @Test
    void aSuccessWithoutAnAddressFails() {
        stub("/File/Upload", okJson("{\"result\":true,\"errors\":[],\"list\":[]}"));

        assertThat(failure(() -> provider().upload(bytes("scene.png"), CallOptions.DEFAULT)))
                .hasMessageContaining("lacks");
    }
}
