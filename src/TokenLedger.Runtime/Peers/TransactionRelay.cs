// SPDX-License-Identifier: Apache-2.0
using System.Threading.Channels;
using Google.Protobuf;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Ledger;
using TokenLedger.Protocol.Consensus.V1;

namespace TokenLedger.Runtime.Peers;

/// <summary>
/// Pushes what clients submit here to the other validators' pools, in batches: a message for each transaction
/// would cost more than checking it.
/// </summary>
internal sealed class TransactionRelay
{
    /// <summary>
    /// Transactions that wait to be pushed; more are dropped, and reach the others in a block.
    /// </summary>
    internal const int Waiting = 16_384;

    /// <summary>Bytes at which a batch is full; its last transaction may go beyond.</summary>
    internal const int BatchBytes = 128 * 1024;

    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(5);

    private readonly Channel<SignedTransaction> _queue = Channel.CreateBounded<SignedTransaction>(
        new BoundedChannelOptions(Waiting)
        {
            FullMode = BoundedChannelFullMode.DropWrite,
            SingleReader = true,
        });

    private readonly Action<StreamBulkRequest> _send;
    private readonly TimeProvider _time;

    public TransactionRelay(Action<StreamBulkRequest> send, TimeProvider time)
    {
        _send = send;
        _time = time;
    }

    /// <summary>Takes one that this node admitted; never blocks.</summary>
    public void Add(SignedTransaction transaction) => _queue.Writer.TryWrite(transaction);

    /// <summary>Sends what was added, until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var writer = new CanonicalWriter();
        try
        {
            while (await _queue.Reader.WaitToReadAsync(stop).ConfigureAwait(false))
            {
                await Task.Delay(Linger, _time, stop).ConfigureAwait(false);
                var batch = new TransactionBatch();
                int bytes = 0;
                while (bytes < BatchBytes && _queue.Reader.TryRead(out SignedTransaction? transaction))
                {
                    writer.Clear();
                    transaction.Write(writer);
                    batch.Transactions.Add(ByteString.CopyFrom(writer.Written));
                    bytes += writer.Written.Length;
                }

                _send(new StreamBulkRequest { Transactions = batch });
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping: clients of transactions that were not pushed find them in this node's pool.
        }
    }
}
