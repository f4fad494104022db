// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using TokenLedger.Consensus;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Runtime.Consensus;
using TokenLedger.Runtime.Peers;
using TokenLedger.Runtime.Signing;
using TokenLedger.Runtime.Tests.Signing;
using TokenLedger.Storage;
using TokenLedger.Storage.Guards;
using TokenLedger.Testing;

namespace TokenLedger.Runtime.Tests.Consensus;

/// <summary>
/// Validator 1 of four with its consensus thread, on a disk in memory; a test is its chain and its peers.
/// Whenever a vote leaves, it looks at the disk.
/// </summary>
internal sealed class DriverBench : IConsensusPorts, IDisposable
{
    public const int Own = 1;

    private readonly BlockingCollection<object> _said = [];
    private readonly ConsensusLog _log;
    private readonly Signed _signing = new(GenesisHash);

    public DriverBench(MemoryDisk? disk = null, bool start = true, MemoryGuardFile? guard = null)
    {
        Disk = disk ?? new MemoryDisk();
        GuardFile = guard ?? MemoryGuardFile.Of(GenesisHash, Validators[Own].Address);
        Guard = SignerGuard.Open(GuardFile, GenesisHash, Validators[Own].Address);
        _log = ConsensusLog.Open(new MemoryStore(Disk, ConsensusLog.Families), GenesisHash);
        var config = new ConsensusConfig(
            Validators, GenesisHash, GenesisBlock, Own, ConsensusTimers.FromDelta(60_000, 60_000));
        Driver = new ConsensusWorker(
            new ConsensusParts(
                config, new KeyedHashScheme(), _log,
                new VoteSigner(
                    KeyedHashScheme.SignerOf(Validators[Own].Address), Own, GenesisHash, Guard),
                null,
                Signed.Metrics()),
            this,
            new ManualClock(new TimestampMs(1_000_000)),
            NullLogger.Instance);
        if (start)
        {
            Driver.Start();
        }
    }

    public static ValidatorSet Validators { get; } = KeyedHashScheme.Validators(4);

    public static Hash256 GenesisHash { get; } = Hashing.Hash(DomainTag.Genesis, [1]);

    public static Hash256 GenesisBlock { get; } = Hashing.Hash(DomainTag.Genesis, [2]);

    public MemoryDisk Disk { get; }

    public ConsensusWorker Driver { get; }

    public MemoryGuardFile GuardFile { get; }

    public SignerGuard Guard { get; }

    /// <summary>What left before it was durable. Every test finds none.</summary>
    public ConcurrentQueue<string> TooEarly { get; } = new();

    /// <summary>All own votes that left, proposals' among them.</summary>
    public ConcurrentQueue<Vote> Sent { get; } = new();

    public T Next<T>(Func<T, bool>? where = null)
        where T : class
    {
        CancellationToken deadline = Within.Deadline();
        while (true)
        {
            object said = _said.Take(deadline);
            if (said is T wanted && (where is null || where(wanted)))
            {
                return wanted;
            }
        }
    }

    public static BlockHeader Header(ulong view, Hash256 parent) => new(
        GenesisHash, new Epoch(0), new Height(1), new View(view), parent, new TimestampMs(5),
        Validators[Validators.LeaderOf(new View(view))].Address, default, default, default, default,
        Validators.Hash, Validators.Hash, default);

    public void Vote(VoteKind kind, BlockHeader header, params int[] signers)
    {
        foreach (int signer in signers)
        {
            Assert.True(Driver.TryPost(signer, new VoteReceived(signer, Sign(kind, header, signer))));
        }
    }

    public Vote Sign(VoteKind kind, BlockHeader header, int signer) => _signing.Vote(
        Validators, new VoteSubject(kind, header.Epoch, header.View, header.Hash), signer);

    /// <summary>By the three others, or by these.</summary>
    public Certificate Nullification(ulong view, params int[] signers) => _signing.Certify(
        Validators, new VoteSubject(VoteKind.Nullify, new Epoch(0), new View(view), default),
        signers.Length > 0 ? signers : [0, 2, 3]);

    public IEnumerable<OwnVoteRecord> OwnRecords() => _log.Replay().OfType<OwnVoteRecord>();

    public SyncEndpoint Endpoint(PeerEndpoint peers, LedgerStore ledger) =>
        new(peers, ledger, _log, Driver, snapshots: null);

    public void Broadcast(Vote vote) => Leaves(vote, vote);

    public void Broadcast(Proposal proposal) => Leaves(proposal, proposal.LeaderVote);

    public void Broadcast(Certificate certificate) => _said.Add(certificate);

    public void Send(int to, Certificate certificate)
    {
    }

    public void RelayAgain(Hash256 blockHash)
    {
    }

    public void FetchCertificates(View from, View to, int? holder)
    {
    }

    public void Ask(ConsensusEffect effect) => _said.Add(effect);

    public void Block(int peer, PeerFault fault) => _said.Add((peer, fault));

    public void Fatal(Exception cause) => _said.Add(cause);

    public void Dispose()
    {
        Driver.Dispose();
        _log.Dispose();
    }

    private void Leaves(object message, Vote vote)
    {
        if (Disk.UnsyncedWrites > 0)
        {
            TooEarly.Enqueue($"{Disk.UnsyncedWrites} writes were not synced when {vote.Subject} left");
        }

        if (!_log.Replay().OfType<OwnVoteRecord>().Any(record => record.Subject == vote.Subject))
        {
            TooEarly.Enqueue($"{vote.Subject} left without a record");
        }

        if (!GuardState.Decode(GuardFile.Read()).Released.Contains(vote.Subject))
        {
            TooEarly.Enqueue($"{vote.Subject} left without the guard's leave");
        }

        Sent.Enqueue(vote);
        _said.Add(message);
    }
}
