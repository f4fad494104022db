// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using TokenLedger.Consensus;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;

namespace TokenLedger.Runtime.Chain;

/// <summary>
/// Verifies proposals (body held, context, time, signatures) and certifies notarized blocks (re-executed,
/// roots equal). What cannot be said yet is kept and looked at again; it is never answered with false.
/// </summary>
internal sealed class BlockChecker(ChainParts parts, IChainPorts ports, TimeProvider time, ILogger log)
{
    /// <summary>Ancestors that are fetched one by one before block sync takes over.</summary>
    private const int MaxAncestors = 64;

    private static readonly TimeSpan FetchAgainAfter = TimeSpan.FromMilliseconds(500);

    private readonly BodyCache _bodies = new(parts.Validators.Count);
    private readonly Dictionary<Hash256, PendingVerify> _verifying = [];
    private readonly Dictionary<Hash256, View> _certifying = [];
    private readonly Dictionary<Hash256, string> _invalid = [];
    private readonly Dictionary<Hash256, long> _fetchedAt = [];

    private sealed record PendingVerify(Proposal Proposal, TimestampMs Arrived);

    /// <summary>The executed block that the next proposal will most likely stand on.</summary>
    public Hash256 Tip { get; private set; } = parts.Tree.Head.Hash;

    /// <summary>Why a block can never be valid; null when nothing is known against it.</summary>
    public string? InvalidReason(in Hash256 hash) => _invalid.GetValueOrDefault(hash);

    public void Verify(Proposal proposal)
    {
        _verifying[proposal.BlockHash] = new PendingVerify(proposal, Now());
        TryVerify(proposal.BlockHash);
        if (_verifying.Count > Limits.WaitingProposals)
        {
            // Nothing finalizes: the oldest view has long been left, and its vote is no longer wanted.
            _verifying.Remove(_verifying.MinBy(pair => pair.Value.Proposal.View).Key);
        }
    }

    public void Certify(View view, Hash256 hash)
    {
        _certifying[hash] = view;
        TryCertify(hash);
    }

    /// <summary>Keeps a body that may be needed.</summary>
    /// <param name="block">The block.</param>
    /// <param name="source">The validator that pushed it; null when it was asked for.</param>
    public void AddBody(Block block, int? source)
    {
        // What was asked for needs no room among what is pushed: no pusher can keep it out.
        int? share = _fetchedAt.ContainsKey(block.Hash) ? null : source;
        if (_bodies.Add(block, share, parts.Tree.Head.Header.View) is { } hash)
        {
            _fetchedAt.Remove(hash);
            LookAgain();
        }
    }

    /// <summary>Tries everything that waits once more.</summary>
    public void LookAgain()
    {
        foreach (Hash256 hash in _verifying.Keys.ToArray())
        {
            TryVerify(hash);
        }

        foreach (Hash256 hash in _certifying.Keys.ToArray())
        {
            TryCertify(hash);
        }
    }

    /// <summary>Forgets what a final view makes void.</summary>
    public void Prune(View finalView)
    {
        _bodies.Prune(finalView);
        Hash256[] settled =
            [.. _verifying.Where(p => p.Value.Proposal.View <= finalView).Select(p => p.Key)];
        foreach (Hash256 hash in settled)
        {
            _verifying.Remove(hash);
        }

        foreach (Hash256 hash in _certifying.Where(p => p.Value <= finalView).Select(p => p.Key).ToArray())
        {
            _certifying.Remove(hash);
        }

        _fetchedAt.Clear();
        _invalid.Clear();
        if (parts.Tree.FindParent(Tip) is null)
        {
            Tip = parts.Tree.Head.Hash;
        }
    }

    /// <summary>
    /// Executes a block, and its ancestors before it, as far as bodies are here; asks for those that are not.
    /// </summary>
    /// <returns>True when it is executed now or stands as final; false when it is invalid or something is
    /// missing.</returns>
    public bool TryExecute(in Hash256 hash)
    {
        var missing = new Stack<Block>();
        Hash256 next = hash;
        while (parts.Tree.FindParent(next) is null)
        {
            Block? block = FindBody(next);
            if (block is null)
            {
                FetchOnce(next, null);
                return false;
            }

            if (_invalid.ContainsKey(next) || missing.Count == MaxAncestors || block.Header.Height.Value == 0)
            {
                return false;
            }

            missing.Push(block);
            next = block.Header.ParentHash;
        }

        while (missing.TryPop(out Block? block))
        {
            if (!ExecuteOne(block))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// Executes a block whose body is at hand. False when its parent is not here, or it is invalid.
    /// </summary>
    public bool TryExecuteBody(Block block) =>
        parts.Tree.FindParent(block.Header.ParentHash) is not null && ExecuteOne(block);

    private void TryVerify(in Hash256 hash)
    {
        if (!_verifying.TryGetValue(hash, out PendingVerify? pending))
        {
            return;
        }

        BlockHeader header = pending.Proposal.Header;
        BlockParent? parent = parts.Tree.FindParent(header.ParentHash);
        if (parent is null)
        {
            _ = TryExecute(header.ParentHash);
            parent = parts.Tree.FindParent(header.ParentHash);
        }

        Block? body = FindBody(hash);
        if (body is null)
        {
            FetchOnce(hash, pending.Proposal.LeaderVote.Signer);
        }

        bool isEarly = header.Timestamp > Now().Plus(Limits.ClockToleranceMs);
#if PLANTED
        isEarly &= !Planted.Is(PlantedBug.TimestampUnchecked);
#endif
        if (parent is null || body is null || isEarly)
        {
            return;
        }

        string? problem = parts.Tree.ContextProblem(parent, header);
        if (problem is null && header.Timestamp.Plus(Limits.ClockToleranceMs) < pending.Arrived)
        {
            if (ports.IsFinalElsewhere(header.Height))
            {
                // This node is behind: the proposal is old, and nobody's clock is wrong. It gets no vote, and
                // needs no answer, since the certificate that ends its view exists.
                _verifying.Remove(hash);
                RuntimeLog.ProposalPassed(log, header.Height.Value, header.View.Value);
                return;
            }

            problem = $"its time is {pending.Arrived.Since(header.Timestamp)} ms behind this node's clock";
        }

        if (problem is null && TryResolve(body, out problem) is not null)
        {
            parts.Candidates.PutCandidate(hash, body.Encode());
        }

        _verifying.Remove(hash);
        ports.Tell(new BlockVerified(header.View, hash, problem is null));
        if (problem is not null)
        {
            RuntimeLog.ProposalRefused(log, header.Height.Value, header.View.Value, problem);
            return;
        }

        // In the shadow of the notarize round: the result is there when certification is asked for.
        _ = ExecuteOne(body);
    }

    private void TryCertify(in Hash256 hash)
    {
        if (!_certifying.TryGetValue(hash, out View view))
        {
            return;
        }

        if (TryExecute(hash))
        {
            // Its bytes are in the consensus log, unsynced; the record of this answer is synced after them,
            // and nothing that follows from it is said before that.
            KeepCandidate(hash);
            Tip = hash;
            _certifying.Remove(hash);
            ports.Tell(new BlockCertified(view, hash, true));
        }
        else if (_invalid.TryGetValue(hash, out string? problem))
        {
            _certifying.Remove(hash);
            RuntimeLog.CertificationFailed(log, view.Value, hash, problem);
            parts.Metrics.CertificationFailed();
            ports.Tell(new BlockCertified(view, hash, false));
        }
    }

    private bool ExecuteOne(Block block)
    {
        Hash256 hash = block.Hash;
        if (parts.Tree.FindParent(hash) is not null)
        {
            return true;
        }

        BlockParent? parent = parts.Tree.FindParent(block.Header.ParentHash);
        Invariant.Require(parent is not null, "a block is executed after its parent");
        string? problem = parts.Tree.ContextProblem(parent, block.Header);
        if (problem is null && TryResolve(block, out problem) is { } transactions)
        {
            long started = time.GetTimestamp();
            BlockNode? node = parts.Tree.Execute(parent, block, transactions, out problem);
            parts.Metrics.Executed(time.GetElapsedTime(started));
            if (node is not null)
            {
                return true;
            }
        }

        if (_invalid.Count >= Limits.WaitingProposals)
        {
            // Whatever is asked about again is judged again.
            _invalid.Clear();
        }

        _invalid[hash] = problem ?? "it is invalid";
        return false;
    }

    /// <summary>
    /// The block's transactions, each from the pool when the very same bytes were admitted there before.
    /// </summary>
    private ImmutableArray<VerifiedTransaction>? TryResolve(Block block, out string? problem)
    {
        var resolved = ImmutableArray.CreateBuilder<VerifiedTransaction>(block.Transactions.Length);
        foreach (SignedTransaction signed in block.Transactions)
        {
            Hash256 id = signed.IdOn(parts.Ledger.GenesisHash);
            VerifiedTransaction? known = parts.Pool.Find(id);
            if (known is null || !known.Signed.Equals(signed))
            {
                Rejection? rejection = parts.Admission.TryAdmit(signed, out known);
                if (rejection is not null)
                {
                    problem = $"its transaction {id} is refused: {rejection}";
                    return null;
                }
            }

            resolved.Add(known!);
        }

        problem = null;
        return resolved.MoveToImmutable();
    }

    private Block? FindBody(in Hash256 hash)
    {
        if (_bodies.Find(hash) is { } body)
        {
            return body;
        }

        return parts.Candidates.TryGetCandidate(hash, out byte[]? bytes) ? Block.Decode(bytes) : null;
    }

    private void KeepCandidate(in Hash256 hash)
    {
        if (!parts.Candidates.TryGetCandidate(hash, out _) && parts.Tree.Find(hash) is { } node)
        {
            parts.Candidates.PutCandidate(hash, node.Block.Encode());
        }
    }

    private void FetchOnce(in Hash256 hash, int? holder)
    {
        long now = time.GetTimestamp();
        if (!_fetchedAt.TryGetValue(hash, out long last) || time.GetElapsedTime(last, now) > FetchAgainAfter)
        {
            // The first time of a proposal's body only marks the moment: the push is most likely under way.
            bool pushed = holder is not null && !_fetchedAt.ContainsKey(hash);
            if (_fetchedAt.Count >= 4 * Limits.WaitingProposals)
            {
                // Whatever is still missing is asked for again a moment earlier.
                _fetchedAt.Clear();
            }

            _fetchedAt[hash] = now;
            if (!pushed)
            {
                ports.Fetch(hash, holder);
            }
        }
    }

    private TimestampMs Now() => new((ulong)time.GetUtcNow().ToUnixTimeMilliseconds());
}
