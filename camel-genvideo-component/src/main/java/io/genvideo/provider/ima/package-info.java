/**
 * IMA Studio as a provider. Its one reason to exist: to say in IMA's words what a request asks for, and in ours what IMA
 * answers.
 *
 * <p>Start with {@link io.genvideo.provider.ima.ImaProvider}, then follow a generation: {@code ImaPlanner} reads the
 * catalogue ({@code ImaCatalogue}), selects a model ({@code LeafSelector}), sets its parameters
 * ({@code ParameterResolver}), checks the media ({@code InputRules}) and finds the price ({@code PriceFinder});
 * {@code ImaPlan} uploads ({@code ImaUploader}) and {@code ImaReady} sends the one paid call, whose answer
 * {@code CreateResponseMapper} judges; {@code PollResponseMapper} judges every later look at the task. All addresses and headers are in
 * {@code ImaRequests}, all error codes in {@code ImaErrors}.
 *
 * <p>Where a Javadoc says "contract", it means the service's wire contract, as its public clients show it.
 */
@NullMarked
package io.genvideo.provider.ima;

import org.jspecify.annotations.NullMarked;
