// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Google.Protobuf;
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Crypto;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Protocol.Proofs;
using TokenLedger.Protocol.Wire;

namespace TokenLedger.Examples;

/// <summary>
/// A watcher that may be killed at any moment: it books everything that moves an account's units once, and
/// nothing twice. An entry and the cursor behind it are one line of the book: both are on the disk, or
/// neither is. After a kill the stream goes on exactly behind the last entry; events come in the order of
/// (height, index), so what is not behind the newest entry is booked already. No node is believed: each
/// event is proved against the genesis hash before it is booked.
/// </summary>
internal sealed class Deposits
{
    // No repetition changes them. CURSOR_PRUNED names a remedy: a node with older events.
    private static readonly StatusCode[] Ends =
    [
        StatusCode.InvalidArgument, StatusCode.OutOfRange, StatusCode.Unauthenticated,
        StatusCode.PermissionDenied, StatusCode.Unimplemented,
    ];

    private readonly Hash256 _genesis;
    private readonly Address _account;
    private readonly ulong _until;
    private readonly Journal<BookLine> _book;
    private string _cursor = "";
    private (ulong Height, uint Index) _newest;
    private ulong _entries;
    private int _attempt;

    private Deposits(Words words, Journal<BookLine> book)
    {
        _genesis = words.Hash("genesis");
        _account = words.Address("account");
        _until = words.Number("until", 0);
        _book = book;
        foreach (BookLine line in book.Lines())
        {
            _cursor = line.Cursor;
            _newest = line.Entry?.Id ?? _newest;
            _entries += line.Entry is null ? 0UL : 1;
        }
    }

    private bool Done => _until > 0 && _entries >= _until;

    /// <summary>deposits --node HOST:PORT[,HOST:PORT] --genesis HASH --account 0x… --book FILE [--until N]
    /// [--fault NAME] [--tls-ca FILE] [--api-key-file FILE]</summary>
    /// <returns>0 when the book has N entries. It fails with <see cref="NotProvedException"/> when a node is
    /// of another network, or shows what it cannot prove.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var words = new Words(
            args, ["node", "genesis", "account", "book"], ["until", "fault", .. Access.Names]);
        LedgerClient[] nodes = words.Nodes();
        _ = (words.Hash("genesis"), words.Address("account"), words.Number("until", 0));
        using var book = new Journal<BookLine>(words["book"]);
        await new Deposits(words, book).WatchAsync(nodes, words.Or("fault", ""));
        return 0;
    }

    private async Task WatchAsync(LedgerClient[] nodes, string fault)
    {
        for (int node = 0; !Done; node++, fault = "")
        {
            RpcException? why = null;
            try
            {
                await FollowAsync(nodes[node % nodes.Length], fault);
            }
            catch (RpcException e) when (!Ends.Contains(e.StatusCode))
            {
                await Console.Error.WriteLineAsync($"resuming after {e.StatusCode}: {e.Status.Detail}");
                why = e;
            }

            if (!Done)
            {
                await Retry.PauseAsync(_attempt++, why);
            }
        }
    }

    /// <summary>Books what one node shows, until its stream ends or the book is full.</summary>
    private async Task FollowAsync(LedgerClient node, string fault)
    {
        await Access.RequireNetworkAsync(node, _genesis);
        var request = new SubscribeRequest
        {
            Cursor = _cursor,
            Accounts = { ByteString.CopyFrom(_account.ToArray()) },
            Types_ = { "transferred", "units_issued", "units_burned" },
        };
        using AsyncServerStreamingCall<SubscribeResponse> call =
            node.Events.Subscribe(request, Retry.Fault(fault));
        long beat = TimeProvider.System.GetTimestamp();
        while (!Done && await call.ResponseStream.MoveNext(CancellationToken.None))
        {
            SubscribeResponse item = call.ResponseStream.Current;
            _attempt = 0;
            if (item.Event is { } e && BookEntry.Of(e, _account) is { } entry
                && entry.Id.CompareTo(_newest) > 0)
            {
                await RequireProvedAsync(node, entry);
                Append(new BookLine(item.Cursor, entry));
                (_newest, _entries) = (entry.Id, _entries + 1);
                Console.WriteLine(JsonSerializer.Serialize(entry, JsonSerializerOptions.Web));
            }
            else if (TimeProvider.System.GetElapsedTime(beat) > TimeSpan.FromMinutes(1))
            {
                // Heartbeats carry a cursor as well; one a minute keeps the way to resume short.
                Append(new BookLine(item.Cursor));
                beat = TimeProvider.System.GetTimestamp();
            }
        }
    }

    private void Append(BookLine line)
    {
        _book.Append(line);
        _cursor = line.Cursor;
    }

    /// <summary>What the validators made final at that place must be just what the stream showed.</summary>
    private async Task RequireProvedAsync(LedgerClient node, BookEntry shown)
    {
        EventProof? proof = await ProofAsync(node, shown.Id);
        string failure = "the node answers without a proof";
        VerifiedEvent? proven = proof is null
            ? null
            : EventProofVerifier.Verify(proof, _genesis, new Secp256k1Scheme(), out failure);
        if (proven is not null)
        {
            BookEntry? real = BookEntry.Of(
                EventMapper.ToWire(
                    proven.Record.Event, proven.Height, proven.Time, (uint)proven.Index, transactionId: null),
                _account);
            failure = real == shown ? "" : "the ledger has something else there";
        }

        if (failure.Length > 0)
        {
            throw new NotProvedException($"event {shown.Height}/{shown.Index}: {failure}");
        }
    }

    private static async Task<EventProof?> ProofAsync(LedgerClient node, (ulong Height, uint Index) id)
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                return (await node.Queries.GetEventProofAsync(
                    new GetEventProofRequest { Height = id.Height, Index = id.Index },
                    deadline: Retry.In(5))).Proof;
            }
            catch (RpcException e) when (ErrorModel.Read(e)?.Reason == ErrorModel.QuotaExceeded)
            {
                await Retry.PauseAsync(attempt, e);
            }
            catch (RpcException e) when (ErrorModel.Read(e)?.Reason is "EVENT_UNKNOWN" or "BLOCK_UNKNOWN")
            {
                throw new NotProvedException($"event {id.Height}/{id.Index}: {e.Status.Detail}");
            }
        }
    }
}
