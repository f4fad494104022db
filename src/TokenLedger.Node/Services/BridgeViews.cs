// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Google.Protobuf;
using TokenLedger.Bridge.Ledger;
using TokenLedger.Bridge.Remote;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Ledger;
using TokenLedger.Crypto;
using TokenLedger.Execution;
using TokenLedger.Node.Bridging;
using TokenLedger.Protocol.Bridge.V1;
using TokenLedger.Protocol.Wire;
using TokenLedger.Storage;
using RateAbroad = TokenLedger.Protocol.Bridge.V1.RateAbroad;
using Rate = TokenLedger.Bridge.Remote.RateAbroad;

namespace TokenLedger.Node.Services;

/// <summary>
/// Who stands behind what the bridge does: signers by name, whose signatures a message has, who reported
/// what. Of one final state; not thread-safe.
/// </summary>
/// <param name="ledger">The state and its blocks.</param>
/// <param name="lane">The lane in that state.</param>
/// <param name="host">This node's part in the bridge; null when it has none.</param>
/// <param name="genesisHash">The network.</param>
internal sealed class BridgeViews(
    LedgerSnapshot ledger, LaneView lane, BridgeHost? host, Hash256 genesisHash)
{
    private readonly LedgerView _view = new(ledger.State);
    private readonly BridgeLaneState _lane = lane.Lane;

    /// <summary>The present signers.</summary>
    public IEnumerable<LaneSigner> Signers() => _lane.Signers.Select(Wire);

    /// <summary>A message with whose signatures it has; null for id 0.</summary>
    public Message? Message(ulong id)
    {
        if (id == 0)
        {
            return null;
        }

        BridgeMessageState message = _view.BridgeMessage(lane.ChainId, id)!;
        BridgeSigner[] signed = [.. RightSigners(message)];
        Message wire = BridgeStateMapper.ToWire(id, message, signed.Length, _lane.Quorum);
        wire.SignedBy.AddRange(signed.Select(Wire));
        if (message.Term == _lane.Term)
        {
            wire.UnsignedBy.AddRange(_lane.Signers.Except(signed).Select(Wire));
        }

        return wire;
    }

    /// <summary>The change of signers that is under way; null for none.</summary>
    public OpenRotation? Rotation()
    {
        if (_lane.Rotation == 0)
        {
            return null;
        }

        BridgeMessageState message = _view.BridgeMessage(lane.ChainId, _lane.Rotation)!;
        var subject = new BridgeSubject(BridgeSubjectKind.Rotation, _lane.Epoch + 1, default);
        var rotation = new OpenRotation
        {
            Message = Message(_lane.Rotation),
            NotBeforeSeconds = message.DeadlineSeconds,
            Seen = host?.StatusOf(lane.ChainId) is not { Final: not null } status
                ? RotationSeen.Unspecified
                : status.Rotated is not { } seen || seen.Epoch != _lane.Epoch + 1 ? RotationSeen.NotYet
                : seen.Signers == BridgeSignerKeys.Hash(message.Signers) ? RotationSeen.Stands
                : RotationSeen.Another,
        };
        rotation.Signers.AddRange(message.Signers.Select(Wire));
        rotation.ReportedBy.AddRange(Ballots(subject).SelectMany(Voters).Select(Wire));
        return rotation;
    }

    /// <summary>Alarms that have not halted the lane. The state keeps but a hash of their figures.</summary>
    public IEnumerable<SignerVoice> Alarms() =>
        from token in lane.Tokens
        let subject = new BridgeSubject(BridgeSubjectKind.Mismatch, 0, token.Value.Token)
        from ballot in Ballots(subject)
        from signer in Voters(ballot)
        select new SignerVoice
        {
            Signer = Wire(signer),
            Said = $"The backing of {token.Key} does not add up at block {ballot.Block}.",
        };

    /// <summary>Why the lane stands still, as far as blocks were searched.</summary>
    public IEnumerable<LaneStop> Standing(ImmutableArray<StopFound> found) => found.Select(one =>
    {
        var stop = new LaneStop
        {
            Stops = (uint)one.Stops,
            Reason = one.Reason,
            OrEarlier = !one.IsSure,
            Height = one.Height.Value,
            TimeMs = ledger.FindHeader(one.Height)?.Timestamp.Value ?? 0,
        };
        if (one.Transaction != EventRecord.Housekeeping
            && ledger.FindReceipts(one.Height) is { } receipts)
        {
            stop.TransactionId =
                ByteString.CopyFrom(receipts[(int)one.Transaction].TransactionId.ToArray());
        }

        stop.Voices.AddRange(
            from voice in one.Voices
            let signer = SignerOf(voice.Signer)
            where signer is not null
            select new SignerVoice
            {
                Signer = Wire(signer.Value),
                Said = Words(voice.Said),
                Height = voice.Height.Value,
            });
        return stop;
    });

    /// <summary>What the contracts abroad let pass.</summary>
    public GetLimitsAbroadResponse Wire(LimitsAbroad limits)
    {
        var response = new GetLimitsAbroadResponse
        {
            BlockNumber = limits.Head.Number,
            BlockHash = ByteString.CopyFrom(limits.Head.Hash.ToArray()),
            BlockTimeSeconds = limits.Head.TimeSeconds,
            MintPaused = limits.MintPaused,
            BurnPaused = limits.BurnPaused,
        };
        response.Tokens.AddRange(
            from token in lane.Tokens
            let abroad = limits.Tokens.GetValueOrDefault(token.Value.Token)
            where abroad is not null
            select new TokenAbroad
            {
                Asset = token.Key.ToString(),
                Token = Bytes(token.Value.Token),
                Decimals = _view.Asset(token.Key)!.Definition.Decimals,
                Listed = abroad.Listed,
                PerItem = abroad.PerItem.ToString(),
                Ceiling = abroad.Ceiling.ToString(),
                Mint = Wire(abroad.Mint),
                Burn = Wire(abroad.Burn),
            });
        return response;
    }

    private static RateAbroad Wire(Rate rate) => new()
    {
        Capacity = rate.Capacity.ToString(),
        Available = rate.Available.ToString(),
        WindowSeconds = rate.WindowSeconds,
    };

    /// <summary>Whose signatures are right in the message's epoch. The keys of an earlier set stand only in
    /// the register of accounts, where no key is ever a signer's by chance.</summary>
    private IEnumerable<BridgeSigner> RightSigners(BridgeMessageState message)
    {
        Hash256 digest = new BridgeMessages(genesisHash, _lane.Terms).Digest(message, message.Epoch);
        var scheme = new Secp256k1Scheme();
        foreach (BridgeSignature signature in message.Signatures)
        {
            if (!scheme.TryRecover(digest, signature.Bytes.AsSpan(), out Address key))
            {
                continue;
            }

            if (message.Term != _lane.Term)
            {
                if (SignerOf(key) is { } former)
                {
                    yield return former;
                }
            }
            else if (signature.Signer < _lane.Signers.Length && key == _lane.Signers[signature.Signer].Key)
            {
                yield return _lane.Signers[signature.Signer];
            }
        }
    }

    /// <summary>A present or former signer; null for who is none.</summary>
    private BridgeSigner? SignerOf(Address key) =>
        _view.Account(key) is { Kind: AccountKind.BridgeSigner } account
            ? new BridgeSigner(key, account.Institution)
            : null;

    private ImmutableArray<BridgeBallot> Ballots(BridgeSubject subject) =>
        _view.BridgeVotes(lane.ChainId, subject) is { } votes && votes.Term == _lane.Term
            ? votes.Ballots
            : [];

    private IEnumerable<BridgeSigner> Voters(BridgeBallot ballot) =>
        _lane.Signers.Where((_, i) => (ballot.Voters >> i & 1) != 0);

    private LaneSigner Wire(BridgeSigner signer) => new()
    {
        Key = Bytes(signer.Key),
        Institution = Bytes(signer.Institution),
        InstitutionName = _view.Institution(signer.Institution)?.Name ?? "",
        HeardAtMs = host?.Signers.HeardAt(signer.Key).Value ?? 0,
    };

    private string Words(BridgeObservation said) => said switch
    {
        MismatchObserved o => $"The backing of {AssetOf(o.Token)} does not add up at block {o.Place.Number}: "
            + $"{o.Locked} are locked, {o.Explained} explained.",
        RotationObserved o => $"Signers of epoch {o.Epoch} stand abroad since block {o.Place.Number}.",
        BurnObserved o => $"Burn {o.Nonce} is {o.Amount} of {AssetOf(o.Token)} by {o.From} for "
            + $"{o.Recipient}, in block {o.Place.Number}.",
        MintObserved o => $"Lock {o.Nonce} was minted in block {o.Place.Number}.",
        VoidObserved o => $"Lock {o.Nonce} was voided in block {o.Place.Number}.",
        ExpiryObserved o => $"Lock {o.Nonce} expired unminted.",
        SupplyObserved o => $"{o.Supply} of {AssetOf(o.Token)} exist in block {o.Place.Number}, after "
            + $"{o.Burns} burns.",
        _ => throw new InvariantException($"{said.GetType().Name} has words"),
    };

    private string AssetOf(Address token) =>
        _view.BridgeTokenAsset(lane.ChainId, token)?.ToString() ?? token.ToString();

    private static ByteString Bytes(Address address) => ByteString.CopyFrom(address.ToArray());
}
