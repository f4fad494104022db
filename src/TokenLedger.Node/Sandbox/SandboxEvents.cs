// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using TokenLedger.Node.Services;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Storage;

namespace TokenLedger.Node.Sandbox;

/// <summary>Streams events as any node does, and ends those streams that ask for it.</summary>
/// <param name="inner">The service.</param>
/// <param name="ledger">Whose head counts as the snapshot of a node that has no older events.</param>
internal sealed class SandboxEvents(EventService.EventServiceBase inner, LedgerStore ledger)
    : EventService.EventServiceBase
{
    /// <summary>Items before a stream ends: enough to have made some progress.</summary>
    private const int Items = 3;

    public override async Task Subscribe(
        SubscribeRequest request, IServerStreamWriter<SubscribeResponse> responseStream,
        ServerCallContext context)
    {
        Func<RpcException>? end = SandboxFaults.Of(context) switch
        {
            SandboxFaults.BrokenStream => SandboxFaults.Lost,
            SandboxFaults.SlowConsumer => static () => ErrorModel.Failure(
                StatusCode.ResourceExhausted, SubscriberOutlet.SlowConsumer,
                "Sandbox: this stream counts as read too slowly. Subscribe again from the last cursor that"
                    + " you have dealt with."),
            SandboxFaults.CursorPruned => throw ErrorModel.Failure(
                StatusCode.OutOfRange, "CURSOR_PRUNED", "Sandbox: this node has no events of that height.",
                new Dictionary<string, string> { ["oldest_cursor"] = Oldest() }),
            _ => null,
        };
        await inner.Subscribe(
            request, end is null ? responseStream : new EndingWriter(responseStream, end), context)
            .ConfigureAwait(false);
    }

    private string Oldest() => new EventCursor(ledger.Head.Height.Next, 0).Write(ledger.GenesisHash);

    /// <summary>Hands some items on, and fails instead of the next.</summary>
    private sealed class EndingWriter(IServerStreamWriter<SubscribeResponse> inner, Func<RpcException> end)
        : IServerStreamWriter<SubscribeResponse>
    {
        private int _written;

        public WriteOptions? WriteOptions
        {
            get => inner.WriteOptions;
            set => inner.WriteOptions = value;
        }

        public Task WriteAsync(SubscribeResponse message) => WriteAsync(message, CancellationToken.None);

        public Task WriteAsync(SubscribeResponse message, CancellationToken cancellationToken) =>
            ++_written > Items
                ? Task.FromException(end())
                : inner.WriteAsync(message, cancellationToken);
    }
}
