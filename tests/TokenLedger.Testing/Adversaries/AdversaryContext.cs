// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Consensus;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;

namespace TokenLedger.Testing;

/// <summary>
/// What an adversary may use: its own key, knowledge of the network, and what it said and heard of late. One
/// for each Byzantine node. What it draws is found by the seed and an id alone.
/// </summary>
public sealed class AdversaryContext(
    ISigner signer, int index, ValidatorSet validators, Hash256 genesisHash, ConsensusTimers timers,
    ulong seed)
{
    private const int HeadersKept = 256;
    private const int MessagesKept = 64;

    private readonly Dictionary<Hash256, BlockHeader> _headers = [];
    private readonly Queue<Hash256> _headerOrder = new();
    private readonly List<PeerMessage> _recent = [];
    private readonly SortedDictionary<string, ulong> _acts = new(StringComparer.Ordinal);
    private ulong _oldest;

    public int Index => index;

    public ValidatorSet Validators => validators;

    public Hash256 GenesisHash => genesisHash;

    public ConsensusTimers Timers => timers;

    /// <summary>How often each behaviour sent something else than the honest message.</summary>
    public IReadOnlyDictionary<string, ulong> Acts => _acts;

    /// <summary>Votes, proposals and certificates said or heard, the oldest that are kept first.</summary>
    public IReadOnlyList<PeerMessage> Recent => _recent;

    public bool Leads(View view) => validators.LeaderOf(view) == index;

    /// <summary>A vote of its own for any subject.</summary>
    public Vote Sign(VoteSubject subject) =>
        new(subject, index, [.. signer.Sign(subject.SigningDigest(genesisHash))]);

    /// <summary>A proposal of its own with another header, signed.</summary>
    public ProposalMessage Propose(Proposal proposal, BlockHeader header, View? parent = null)
    {
        Vote vote = Sign(new VoteSubject(VoteKind.Notarize, header.Epoch, header.View, header.Hash));
        return new ProposalMessage(new Proposal(header, parent ?? proposal.ParentView, vote));
    }

    /// <summary>A header that was said or heard.</summary>
    public BlockHeader? Find(in Hash256 hash) => _headers.GetValueOrDefault(hash);

    /// <summary>Random choices for one thing.</summary>
    public DeterministicRandom Draw(ulong id) =>
        new(unchecked(seed ^ ((ulong)(index + 1) << 56) ^ (id * 0x9E37_79B9_7F4A_7C15)));

    /// <summary>What leaves for a peer in place of an honest message.</summary>
    public IReadOnlyList<PeerMessage> Send(Adversary adversary, int to, PeerMessage message)
    {
        Remember(message);
        PeerMessage[] sent = [.. adversary.Bend(this, to, message)];
        if (sent is not [var only] || !ReferenceEquals(only, message))
        {
            Count(adversary);
        }

        return sent;
    }

    /// <summary>Whether the node's own machine gets a message that came.</summary>
    public bool Receive(Adversary adversary, int from, PeerMessage message)
    {
        Remember(message);
        bool hears = adversary.Hears(this, from, message);
        if (!hears)
        {
            Count(adversary);
        }

        return hears;
    }

    private void Count(Adversary adversary)
    {
        if (adversary is not BothOf)
        {
            string name = adversary.ToString();
            _acts[name] = _acts.GetValueOrDefault(name) + 1;
        }
    }

    private void Remember(PeerMessage message)
    {
        switch (message)
        {
            case ProposalMessage { Proposal: var proposal }:
                Keep(proposal.BlockHash, proposal.Header);
                break;
            case BlockMessage { Header: var header }:
                Keep(header.Hash, header);
                return;
            case VoteMessage or CertificateMessage:
                break;
            default:
                return;
        }

        if (_recent.Count < MessagesKept)
        {
            _recent.Add(message);
        }
        else if (!_recent.Contains(message))
        {
            _recent[(int)(_oldest++ % MessagesKept)] = message;
        }
    }

    private void Keep(Hash256 hash, BlockHeader header)
    {
        if (!_headers.TryAdd(hash, header))
        {
            return;
        }

        _headerOrder.Enqueue(hash);
        if (_headerOrder.Count > HeadersKept)
        {
            _headers.Remove(_headerOrder.Dequeue());
        }
    }
}
