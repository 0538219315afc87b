/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import org.apache.camel.Component;
import org.apache.camel.component.webhook.WebhookCapableEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

/** camel-webhook is optional, and tools that load jars on demand bring it after this component's classes were loaded. */
class LateWebhookJarTest {

    @Test
    void anEndpointCanBeAWebhookAsSoonAsTheJarIsThere() throws Exception {
        LateJars loader = new LateJars();
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(loader);
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.setApplicationContextClassLoader(loader);
            camel.getRegistry().bind("studio", new StudioService());
            Component component = (Component) loader.loadClass(GenvideoComponent.class.getName())
                    .getConstructor()
                    .newInstance();
            camel.addComponent("genvideo", component);
            component.init();

            assertThat(component.createEndpoint("genvideo:studio/tasks")).isNotInstanceOf(WebhookCapableEndpoint.class);

            loader.hasWebhooks = true;

            assertThat(component.createEndpoint("genvideo:studio/tasks")).isInstanceOf(WebhookCapableEndpoint.class);
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    /** Loads this component's classes afresh, and those of camel-webhook only once they are there. */
    private static final class LateJars extends ClassLoader {
        private volatile boolean hasWebhooks;

        LateJars() {
            super(LateWebhookJarTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                if (name.startsWith("org.apache.camel.component.webhook.") && !hasWebhooks) {
                    throw new ClassNotFoundException(name);
                }
                Class<?> known = findLoadedClass(name);
                if (known != null) {
                    return known;
                }
                return name.startsWith("io.genvideo.camel.") ? define(name) : super.loadClass(name, resolve);
            }
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
