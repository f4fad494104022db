// SPDX-License-Identifier: Apache-2.0
namespace Grpc.Core;

/// <summary>
/// What stands behind a call that the user holds: the transport, or delegates of a test double.
/// </summary>
internal abstract class CallHandle : IDisposable
{
    public static CallHandle Of(
        Task<Metadata> headers, Func<Status> getStatus, Func<Metadata> getTrailers, Action dispose) =>
        new Delegates(headers, getStatus, getTrailers, dispose);

    public abstract Task<Metadata> GetHeadersAsync();

    public abstract Status GetStatus();

    public abstract Metadata GetTrailers();

    public abstract void Dispose();

    private sealed class Delegates(
        Task<Metadata> headers, Func<Status> getStatus, Func<Metadata> getTrailers, Action dispose)
        : CallHandle
    {
        public override Task<Metadata> GetHeadersAsync() => headers;

        public override Status GetStatus() => getStatus();

        public override Metadata GetTrailers() => getTrailers();

        public override void Dispose() => dispose();
    }
}
