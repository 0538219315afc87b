/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.http.apache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class AsyncDnsResolverTest {

    @Test
    void connectsToThePublicAddressesOfANameOnly() throws Exception {
        InetAddress open = InetAddress.getByName("93.184.216.34");
        InetAddress inside = InetAddress.getByName("10.0.0.1");
        try (AsyncDnsResolver names = new AsyncDnsResolver(
                host -> host.equals("inside.test") ? new InetAddress[] {inside} : new InetAddress[] {inside, open},
                Thread::new)) {
            assertThat(names.publicAddresses(null).resolve("both.test")).containsExactly(open);
            assertThat(names.anyAddress().resolve("both.test")).containsExactly(inside, open);
            assertThat(names.publicAddresses("both.test").resolve("BOTH.test")).containsExactly(inside, open);
            assertThatThrownBy(() -> names.publicAddresses("both.test").resolve("inside.test"))
                    .hasMessageContaining("inside.test is not a public address");
        }
    }
}
