// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using TokenLedger.Cli.Network;
using TokenLedger.Cli.Shell;
using TokenLedger.Core;
using TokenLedger.Crypto;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Protocol.Proofs;
using TokenLedger.Protocol.Wire;

namespace TokenLedger.Cli.Exchange;

/// <summary>
/// Events as the validators signed them. A node's word moves no money here: each event is fetched again with
/// its proof, which begins with the genesis hash that the context pins. What no proof can show is that a node
/// leaves nothing out.
/// </summary>
internal sealed class EventProofs(Session session)
{
    private const string BlockUnknown = "BLOCK_UNKNOWN";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private static readonly MessageParser<Event> Known = Event.Parser.WithDiscardUnknownFields(true);

    private readonly Secp256k1Scheme _scheme = new();
    private readonly Hash256 _genesis = NetworkIdentity.Pinned(session.Context).GenesisHash;

    /// <summary>The event at a place, proved; its transaction's id is not a part of what is proved.</summary>
    /// <exception cref="CliException">There is none, no node answers in time, or the proof does not hold:
    /// DEPOSIT_UNPROVED.</exception>
    public async Task<Event> RequireAsync(ulong height, uint index, CancellationToken token)
    {
        EventProof? proof = await FetchAsync(height, index, token);
        string failure = "There is no proof.";
        VerifiedEvent? shown = proof is null
            ? null
            : EventProofVerifier.Verify(proof, _genesis, _scheme, out failure);
        if (shown is null)
        {
            throw Unproved(height, index, failure);
        }

        return shown.Height.Value == height && shown.Index == index
            ? EventMapper.ToWire(shown.Record.Event, shown.Height, shown.Time, index, null)
            : throw Unproved(height, index, $"The proof is of event {shown.Height}/{shown.Index}.");
    }

    /// <summary>Requires that an event is what a node said of it.</summary>
    /// <exception cref="CliException">It is not, or its proof cannot be had.</exception>
    public async Task RequireAsync(Event told, CancellationToken token)
    {
        Event proved;
        try
        {
            proved = await RequireAsync(told.Height, told.Index, token);
        }
        catch (CliException e) when (e.Exit == ExitCode.NotFound)
        {
            throw Unproved(told.Height, told.Index, $"It has no proof of an event there: {e.Message}");
        }

        proved.TransactionId = told.TransactionId;

        // A field that this program does not know yet is no lie.
        if (!proved.Equals(Known.ParseFrom(told.ToByteString())))
        {
            throw Unproved(told.Height, told.Index, "The validators signed another event at its place.");
        }
    }

    private async Task<EventProof?> FetchAsync(ulong height, uint index, CancellationToken token)
    {
        var request = new GetEventProofRequest { Height = height, Index = index };
        DateTimeOffset end = session.Now + session.Timeout;
        while (true)
        {
            try
            {
                return (await session.Connection.ReadAsync(
                    (node, call) => node.Queries.GetEventProofAsync(request, call), token)).Proof;
            }
            catch (CliException e) when (session.Now < end && ComesRight(e))
            {
                await Task.Delay(Pause, session.Environment.Time, token);
            }
        }
    }

    /// <summary>True for a quota that fills up again, and for a node that is a little behind the one that
    /// told of the event.</summary>
    private bool ComesRight(CliException failure) => failure.Code == ErrorModel.QuotaExceeded
        || (failure.Code == BlockUnknown && session.Connection.Endpoints.Length > 1);

    private static CliException Unproved(ulong height, uint index, string why) => new(
        "DEPOSIT_UNPROVED", ExitCode.VerificationFailed,
        $"The validators did not sign deposit {height}/{index} as the node tells it; it was not taken.", why,
        "Do not trust this node. Ask another: --endpoint URL");
}
