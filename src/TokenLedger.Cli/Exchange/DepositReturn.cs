// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Security.Cryptography;
using Grpc.Core;
using TokenLedger.Cli.Network;
using TokenLedger.Cli.Shell;
using TokenLedger.Cli.Transactions;
using TokenLedger.Cli.Views;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Protocol.Ledger.V1;
using Transfer = TokenLedger.Core.Ledger.Transfer;
using Transferred = TokenLedger.Protocol.Ledger.V1.Transferred;

namespace TokenLedger.Cli.Exchange;

/// <summary>
/// Sends a deposit back once. Each attempt has a request id of its own, made from the deposit and the
/// attempt's number, and stands in the journal. The next attempt is signed only when the one before it can
/// never move anything: it failed for ever, or its time is over and it is in no block.
/// </summary>
internal sealed class DepositReturn(Session session, WriteRequest request, string? journal)
{
    private enum Fate
    {
        /// <summary>It may still become final, or did.</summary>
        Open,

        /// <summary>It is final and moved the units.</summary>
        Returned,

        /// <summary>It moved nothing and never will.</summary>
        Never,

        /// <summary>Its time is over by the clock, and no block shows it yet.</summary>
        Undecided,
    }

    /// <summary>What is to be signed or sent for a deposit.</summary>
    /// <param name="Transfer">The way back.</param>
    /// <param name="Payment">The attempt that is not over yet.</param>
    /// <param name="Request">What names it.</param>
    public sealed record Step(Transfer Transfer, Withdrawal Payment, WriteRequest Request);

    /// <summary>Finds the deposit, proves it, and finds the attempt to be made or made again.</summary>
    /// <exception cref="CliException">There is no such deposit, it is not proved, or nothing tells yet what
    /// became of the last attempt.</exception>
    public async Task<Step> NextAsync(ulong height, uint index, CancellationToken token)
    {
        Address own = Signer.AddressOf(session, session.From);
        NetworkIdentity network = NetworkIdentity.Pinned(session.Context);
        Transfer back = await BackAsync(own, height, index, token);
        for (uint attempt = 0; ; attempt++)
        {
            WriteRequest named = request with
            {
                RequestId = IdOf(network.GenesisHash, own, height, index, attempt),
            };
            var payment = new Withdrawal(session, named, journal);
            if (payment.Find(network, own, back) is not { } document)
            {
                return new Step(back, payment, named);
            }

            Fate fate = await FateAsync(document, height, token);
            if (fate is Fate.Open or Fate.Returned)
            {
                return new Step(back, payment, named);
            }

            if (fate == Fate.Undecided)
            {
                throw Undecided(height, index, named.RequestId);
            }

            session.Talk.Say(
                $"Request {RequestIds.Text(named.RequestId)} moved nothing and never will; the next one.");
        }
    }

    private async Task<Transfer> BackAsync(
        Address own, ulong height, uint index, CancellationToken token)
    {
        Transferred? deposit = null;
        try
        {
            deposit = (await new EventProofs(session).RequireAsync(height, index, token)).Transferred;
        }
        catch (CliException e) when (e.Code == "EVENT_UNKNOWN")
        {
            // Said below, in the words of this command.
        }

        return deposit is not null && deposit.To.Span.SequenceEqual(own.ToArray())
            && Amount.TryParse(deposit.Amount, out Amount amount)
            ? new Transfer(
                AssetId.Parse(deposit.Asset), new Address(deposit.From.Span), amount, deposit.SourceTag)
            : throw new CliException(
                "DEPOSIT_UNKNOWN", ExitCode.NotFound,
                $"Event {height}/{index} is no deposit to {session.Addresses.Name(own)}.",
                next: "tl exchange deposits watch --account ACCOUNT --once");
    }

    private async Task<Fate> FateAsync(OfflineDocument document, ulong since, CancellationToken token)
    {
        // The status first: what is asked for after it is as of that block or a later one, on the same node.
        GetNodeStatusResponse node = await session.Connection.ReadAsync(
            static (client, call) => client.Queries.GetNodeStatusAsync(new GetNodeStatusRequest(), call),
            token);
        TransactionState state = await StateAsync(document.TransactionId, token);
        ulong until = document.Transaction.ValidUntil.Value;
        return state switch
        {
            TransactionState.Succeeded => Fate.Returned,
            TransactionState.Failed or TransactionState.Expired or TransactionState.Replaced => Fate.Never,
            TransactionState.Pending => Fate.Open,
            _ when (ulong)session.Now.ToUnixTimeMilliseconds() <= until && node.BlockTimeMs <= until =>
                Fate.Open,

            // It was signed after the deposit: in a block since then it is, or nowhere.
            _ when node.BlockTimeMs > until && node.OldestBlockHeight <= since => Fate.Never,
            _ => Fate.Undecided,
        };
    }

    /// <summary>What the node that answered last knows of a transaction.</summary>
    private async Task<TransactionState> StateAsync(Hash256 id, CancellationToken token)
    {
        try
        {
            var ask = new GetTransactionRequest
            {
                TransactionId = Google.Protobuf.ByteString.CopyFrom(id.ToArray()),
            };
            var call = new CallOptions(null, (session.Now + session.Timeout).UtcDateTime, token);
            return (await session.Connection.Preferred.Transactions.GetTransactionAsync(ask, call))
                .Status.State;
        }
        catch (RpcException e) when (!token.IsCancellationRequested)
        {
            throw RpcFailure.ToCli(e, session.Connection.PreferredEndpoint);
        }
    }

    private static CliException Undecided(ulong height, uint index, RequestId id) => new(
        "OUTCOME_UNKNOWN", ExitCode.OutcomeUnknown,
        $"Nothing tells yet whether {height}/{index} was sent back.",
        $"The time of request {RequestIds.Text(id)} is over, and this node does not show that it is in no "
            + "block.",
        "Run it again once later blocks are final, or ask a node that has all blocks since the deposit: "
            + "--endpoint URL");

    /// <summary>The one request id of an attempt: SHA-256 over what names it, its first half.</summary>
    private static RequestId IdOf(
        in Hash256 genesisHash, in Address account, ulong height, uint index, uint attempt)
    {
        const int DepositBytes = Hash256.Size + Address.Size + 8 + 4;
        Span<byte> name = stackalloc byte[DepositBytes + 4];
        genesisHash.CopyTo(name);
        account.CopyTo(name[Hash256.Size..]);
        BinaryPrimitives.WriteUInt64BigEndian(name[(Hash256.Size + Address.Size)..], height);
        BinaryPrimitives.WriteUInt32BigEndian(name[(Hash256.Size + Address.Size + 8)..], index);
        BinaryPrimitives.WriteUInt32BigEndian(name[DepositBytes..], attempt);

        // The first attempt has the id that a deposit had when there was but one.
        ReadOnlySpan<byte> named = attempt == 0 ? name[..DepositBytes] : name;
        return new RequestId(BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(named)));
    }
}
