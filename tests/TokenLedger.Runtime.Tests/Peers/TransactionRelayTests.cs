// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Collections.Immutable;
using Google.Protobuf;
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Ledger;
using TokenLedger.Protocol.Consensus.V1;
using TokenLedger.Runtime.Peers;

namespace TokenLedger.Runtime.Tests.Peers;

public sealed class TransactionRelayTests
{
    private readonly BlockingCollection<TransactionBatch> _sent = [];
    private readonly TransactionRelay _relay;

    public TransactionRelayTests() =>
        _relay = new TransactionRelay(message => _sent.Add(message.Transactions), new FastTimers());

    [Fact]
    public async Task Add_FewTransactions_AreSentInOrderInOneBatch()
    {
        SignedTransaction[] added = [Transaction(1, 10), Transaction(2, 20), Transaction(3, 30)];
        foreach (SignedTransaction transaction in added)
        {
            _relay.Add(transaction);
        }

        await RunAsync(() =>
            Assert.Equal(added.Select(Bytes), _sent.Take(Within.Deadline()).Transactions));
        Assert.Empty(_sent);
    }

    [Fact]
    public async Task Add_MoreThanABatch_IsSplitAtItsBytes()
    {
        const int Count = 30;
        for (int i = 0; i < Count; i++)
        {
            _relay.Add(Transaction(i, Limits.TransactionBytes));
        }

        await RunAsync(() =>
        {
            int taken = 0;
            while (taken < Count)
            {
                TransactionBatch batch = _sent.Take(Within.Deadline());
                taken += batch.Transactions.Count;
                Assert.InRange(
                    batch.Transactions.Sum(bytes => bytes.Length), 1,
                    TransactionRelay.BatchBytes + Limits.TransactionBytes + 128);
            }

            Assert.Equal(Count, taken);
        });
    }

    /// <summary>
    /// Nothing waits without a bound: what is too much is dropped, and the first that came stay.
    /// </summary>
    [Fact]
    public async Task Add_MoreThanMayWait_DropsTheRest()
    {
        for (int i = 0; i < TransactionRelay.Waiting + 100; i++)
        {
            _relay.Add(Transaction(i, 4));
        }

        SignedTransaction marker = Transaction(-1, 4);
        var sent = new List<ByteString>();
        await RunAsync(() =>
        {
            while (sent.Count < TransactionRelay.Waiting)
            {
                sent.AddRange(_sent.Take(Within.Deadline()).Transactions);
            }

            _relay.Add(marker);
            sent.AddRange(_sent.Take(Within.Deadline()).Transactions);
        });
        Assert.Equal(TransactionRelay.Waiting + 1, sent.Count);
        Assert.Equal(Bytes(Transaction(TransactionRelay.Waiting - 1, 4)), sent[^2]);
        Assert.Equal(Bytes(marker), sent[^1]);
    }

    private async Task RunAsync(Action test)
    {
        using var stop = new CancellationTokenSource();
        Task running = _relay.RunAsync(stop.Token);
        await Task.Run(test);
        await stop.CancelAsync();
        await running.WaitAsync(Within.Patience);
    }

    private static SignedTransaction Transaction(int number, int bytes)
    {
        byte[] body = new byte[bytes];
        BitConverter.GetBytes(number).CopyTo(body, 0);
        return new SignedTransaction(
            ImmutableArray.Create(body), ImmutableArray.Create(new byte[Limits.SignatureBytes]));
    }

    private static ByteString Bytes(SignedTransaction transaction)
    {
        var writer = new CanonicalWriter();
        transaction.Write(writer);
        return ByteString.CopyFrom(writer.Written);
    }
}
