// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Bridge.Ledger;
using TokenLedger.Bridge.Remote;
using TokenLedger.Bridge.Sending;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Ledger;

namespace TokenLedger.Bridge;

/// <summary>
/// One validator's work on one lane: it looks at both sides, tells the ledger what became final abroad, signs
/// what the ledger asks for while the backing adds up, and carries signed messages abroad in its turn. It
/// decides nothing: it may be stopped anywhere and started again.
/// </summary>
/// <remarks>One caller at a time; <see cref="Status"/> may be read by anybody.</remarks>
public sealed class LaneWorker
{
    private const ulong ForgetAfterMs = 60_000;

    /// <summary>A suspended burn is asked for again at least each three quarters of an hour.</summary>
    private const int MostDoublings = 9;

    private readonly LaneParts _parts;
    private readonly Dictionary<ulong, (TimestampMs Since, ulong Term)> _readySince = [];
    private readonly Dictionary<BridgeSubject, TimestampMs> _observed = [];
    private readonly Dictionary<ulong, TimestampMs> _signed = [];
    private readonly Dictionary<ulong, (int Times, TimestampMs Last)> _retried = [];
    private readonly LaneReader _reader;
    private readonly RefusalReader _refusals;
    private readonly IdlePace _pace;
    private volatile BridgeStatus _status;

    /// <summary>Puts a worker together.</summary>
    public LaneWorker(LaneParts parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        _parts = parts;
        _reader = new LaneReader(parts.Remote, parts.Journal);
        _refusals = new RefusalReader(parts.Remote);
        _pace = new IdlePace(parts.Time);
        _status = new BridgeStatus(
            parts.Settings.ChainId, parts.Signer.Address, parts.SenderAddress, null, [], 0,
            parts.Journal.Halt ?? "", "");
    }

    /// <summary>How it is doing.</summary>
    public BridgeStatus Status => _status;

    /// <summary>
    /// Looks at both sides once and does what is due. What cannot be read now is said in <see cref="Status"/>
    /// and tried again at the next look.
    /// </summary>
    /// <returns>False when this lane needs an operator, or is not on the ledger.</returns>
    public async Task<bool> LookAsync(CancellationToken cancellationToken)
    {
        if (_parts.Journal.Halt is { } halt)
        {
            _status = _status with { Halt = halt };
            return false;
        }

        try
        {
            return await WorkAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (RemoteFaultException e)
        {
            _pace.Wake();
            _status = _status with { Note = e.Message };
        }
        catch (RemoteReversalException e)
        {
            _parts.Journal.PutHalt(e.Message);
            _status = _status with { Halt = e.Message };
            return false;
        }

        return true;
    }

    private async Task<bool> WorkAsync(CancellationToken cancellationToken)
    {
        LaneView? before = _parts.Ledger.Read(_parts.Settings.ChainId, static view => view);
        if (before is null)
        {
            _status = _status with { Note = "The ledger has no such lane." };
            return false;
        }

        LaneReading reading = Rested()
            ?? await AskAsync(before, cancellationToken).ConfigureAwait(false);

        // The ledger once more: it must be at or after every lock that the block abroad knows of.
        (BridgePlan plan, ImmutableArray<Backing> backing, LaneView ledger) = _parts.Ledger.Read(
            _parts.Settings.ChainId, view =>
            {
                ImmutableArray<Backing> compared = Backing.Compare(view, reading.State, reading.Facts);
                return (BridgePlan.Make(
                    view, reading.State, reading.Facts, reading.Report, compared, _parts.Signer.Address),
                    compared, view);
            });
        _status = _status with
        {
            Final = reading.State.Head,
            Stops = ledger.Lane.Stops,
            Refusals = _refusals.Last,
            Backing = backing,
            Rotated = reading.Facts.OfType<RotationObserved>()
                .FirstOrDefault(seen => seen.Epoch == ledger.Lane.Epoch + 1),
            Note = backing.FirstOrDefault(static b => b.Verdict != BackingVerdict.Agrees)?.Note ?? "",
        };
        if (backing.Any(static b => b.Verdict == BackingVerdict.Differs))
        {
            _reader.Doubt();
        }

        await TellAsync(ledger, plan, cancellationToken).ConfigureAwait(false);
        _reader.Forget(ledger);
        await SendAsync(ledger, plan, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Asks the chain.</summary>
    private async Task<LaneReading> AskAsync(LaneView ledger, CancellationToken cancellationToken)
    {
        await _parts.CheckIdentityAsync(ledger.Lane.Terms, cancellationToken).ConfigureAwait(false);
        long before = _parts.Remote.Calls;
        LaneReading reading = await _reader.ReadAsync(ledger, cancellationToken).ConfigureAwait(false);
        await _refusals.ReadAsync(ledger, reading.State.Head.Number, cancellationToken)
            .ConfigureAwait(false);
        _pace.Looked(reading.State.Head.Number, _parts.Remote.Calls - before);
        return reading;
    }

    /// <summary>What was read last, while nothing is under way and this ledger fits it: of what others saw
    /// abroad later it would not.</summary>
    private LaneReading? Rested() => !_pace.Rests ? null : _parts.Ledger.Read(
        _parts.Settings.ChainId,
        view => _reader.Idle(view) is { } reading
            && Backing.Compare(view, reading.State, reading.Facts)
                .All(static backing => backing.Verdict == BackingVerdict.Agrees)
            ? reading
            : null);

    private async Task TellAsync(LaneView ledger, BridgePlan plan, CancellationToken cancellationToken)
    {
        ulong chainId = ledger.ChainId;
        BridgeObservation[] fresh = [.. plan.Observe.Where(o => IsDue(_observed, o.Subject))];
        foreach (BridgeObservation[] part in fresh.Chunk(Limits.BridgeObservationsPerOperation))
        {
            if (await _parts.Ledger.SubmitAsync([new ObserveBridge(chainId, [.. part])], cancellationToken)
                .ConfigureAwait(false))
            {
                foreach (BridgeObservation observation in part)
                {
                    _observed[observation.Subject] = Now();
                }
            }
        }

        var operations = ImmutableArray.CreateBuilder<Operation>();
        foreach (ulong id in plan.Sign.Where(id => IsDue(_signed, id)))
        {
            Hash256 digest = _parts.Messages.Digest(ledger.Messages[id], ledger.Lane.Epoch);
            operations.Add(new AttestBridge(chainId, id, ledger.Lane.Epoch, [.. _parts.Signer.Sign(digest)]));
            _signed[id] = Now();
        }

        foreach (ulong nonce in plan.Retry.Where(IsRetryDue))
        {
            operations.Add(new RetryBridgeRelease(chainId, nonce));
            _retried[nonce] = (_retried.GetValueOrDefault(nonce).Times + 1, Now());
        }

        // Each by itself: that one is refused, as it may be in a race, must not undo the others.
        foreach (Operation operation in operations)
        {
            await _parts.Ledger.SubmitAsync([operation], cancellationToken).ConfigureAwait(false);
        }

        Prune(ledger);
    }

    private async Task SendAsync(LaneView ledger, BridgePlan plan, CancellationToken cancellationToken)
    {
        var wanted = new List<WantedCall>();
        foreach (ulong id in plan.Send)
        {
            BridgeMessageState message = ledger.Messages[id];
            if (!_readySince.TryGetValue(id, out var since) || since.Term != message.Term
                || since.Since > Now())
            {
                _readySince[id] = since = (Now(), message.Term);
            }

            if (TurnOf(ledger.Lane, id, since.Since) is { } isNow
                && RightSignatures(ledger.Lane, message) is { } signatures)
            {
                (Address to, byte[] data) = BridgeMessages.Call(ledger.Lane, message, signatures);
                wanted.Add(new WantedCall(id, to, data, isNow)
                {
                    Sets = [.. message.Items.Select(static item => BridgeSlots.BitOf(item.Nonce))],
                    Yields = message.Kind == BridgeMessageKind.Void,
                });
            }
        }

        // Whose turn it is for a message prepares the nonces to come as well.
        if (WantedCall.Preparing(ledger.Lane.Terms.Contract, wanted.Where(static call => call.MayRepeat))
            is { } preparing)
        {
            wanted.Insert(0, preparing);
        }

        await _parts.Sender.TendAsync(wanted, cancellationToken).ConfigureAwait(false);
        _status = _status with { OpenSends = _parts.Sender.Open.Count, SendNote = _parts.Sender.Note };
    }

    /// <summary>Signers take turns. Once it was one's turn it may send, since others may be away; what stood
    /// in a block before, and was refused in part, only the one in turn sends again.</summary>
    /// <returns>Null before one's turn; true when it is one's turn just now.</returns>
    private bool? TurnOf(BridgeLaneState lane, ulong id, TimestampMs since)
    {
        int n = lane.Signers.Length;
        int me = lane.IndexOf(_parts.Signer.Address);
        if (me < 0)
        {
            return null;
        }

        ulong turns = Now().Since(since) / (ulong)_parts.Settings.Turn.TotalMilliseconds;
        ulong distance = (ulong)((me - (int)(id % (ulong)n) + n) % n);
        return turns < distance ? null : turns % (ulong)n == distance;
    }

    /// <summary>Exactly a quorum of signatures that are right; null when there are not so many.</summary>
    private ImmutableArray<BridgeSignature>? RightSignatures(BridgeLaneState lane, BridgeMessageState message)
    {
        Hash256 digest = _parts.Messages.Digest(message, message.Epoch);
        ImmutableArray<BridgeSignature> right =
        [
            .. message.Signatures.Where(signature =>
                signature.Signer < lane.Signers.Length
                && _parts.Signatures.TryRecover(digest, signature.Bytes.AsSpan(), out Address signer)
                && signer == lane.Signers[signature.Signer].Key).Take(lane.Quorum),
        ];
        return right.Length == lane.Quorum ? right : null;
    }

    /// <summary>True for what was not handed in lately: its transaction may still be on its way. After the
    /// clock was set back nobody knows.</summary>
    private bool IsDue<T>(Dictionary<T, TimestampMs> last, T what)
        where T : notnull =>
        !last.TryGetValue(what, out TimestampMs at) || at > Now()
        || Now().Since(at) >= LaneParts.AgainAfterMs;

    /// <summary>Twice as late each time: what the ledger keeps is the first hindrance, and another may have
    /// come after it.</summary>
    private bool IsRetryDue(ulong nonce) =>
        !_retried.TryGetValue(nonce, out var last) || last.Last > Now()
        || Now().Since(last.Last) >= LaneParts.AgainAfterMs << Math.Min(last.Times, MostDoublings);

    private void Prune(LaneView ledger)
    {
        BridgeSubject[] past =
            [.. _observed.Where(o => Now().Since(o.Value) > ForgetAfterMs).Select(static o => o.Key)];
        foreach (BridgeSubject old in past)
        {
            _observed.Remove(old);
        }

        foreach (ulong nonce in _retried.Keys.Where(nonce => !ledger.Suspended.ContainsKey(nonce)).ToArray())
        {
            _retried.Remove(nonce);
        }

        ulong[] closed =
            [.. _signed.Keys.Concat(_readySince.Keys).Where(id => !ledger.Messages.ContainsKey(id))];
        foreach (ulong id in closed)
        {
            _signed.Remove(id);
            _readySince.Remove(id);
        }
    }

    private TimestampMs Now() => new((ulong)_parts.Time.GetUtcNow().ToUnixTimeMilliseconds());
}
