// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Genesis;
using TokenLedger.Core.Ledger;
using TokenLedger.Execution;
using TokenLedger.Runtime.Tests.Signing;
using TokenLedger.Storage;
using TokenLedger.Testing;

namespace TokenLedger.Runtime.Tests.Cluster;

/// <summary>Four validators in this process: real threads, real HTTP/2, disks in memory.</summary>
internal sealed class LocalCluster : IAsyncDisposable
{
    public const int Size = 4;

    private readonly PeerServer[] _servers;
    private readonly ValidatorRuntime?[] _runtimes = new ValidatorRuntime?[Size];
    private readonly (MemoryDisk Ledger, MemoryDisk Consensus)[] _disks;

    private LocalCluster(PeerServer[] servers)
    {
        _servers = servers;
        _disks = [.. servers.Select(_ => (new MemoryDisk(), new MemoryDisk()))];
        Genesis = TestNetwork.Genesis() with { Consensus = new ConsensusParameters(150, 200) };
        Signing = new Signed(Genesis.Hash);
        Guards = [.. Genesis.Validators.Select(one => MemoryGuardFile.Of(Genesis.Hash, one.Address))];
    }

    public GenesisDocument Genesis { get; }

    public Signed Signing { get; }

    /// <summary>What stopped a validator. A test that does not provoke one finds none.</summary>
    public ConcurrentQueue<Exception> Fatal { get; } = new();

    public ValidatorRuntime this[int index] => _runtimes[index]!;

    public IEnumerable<ValidatorRuntime> Running => _runtimes.OfType<ValidatorRuntime>();

    /// <summary>Four places for validators, and nobody there yet.</summary>
    public static async Task<LocalCluster> CreateAsync() => new(
        await Task.WhenAll(Enumerable.Range(0, Size).Select(_ => PeerServer.StartAsync(Size + 1))));

    public static async Task<LocalCluster> StartAsync()
    {
        LocalCluster cluster = await CreateAsync();
        for (int i = 0; i < Size; i++)
        {
            cluster.Start(i);
        }

        return cluster;
    }

    /// <summary>What stands in a validator's place.</summary>
    public PeerServer Server(int index) => _servers[index];

    /// <summary>The validators' signer guards.</summary>
    internal MemoryGuardFile[] Guards { get; }

    public void Start(int index, TimeProvider? time = null)
    {
        ValidatorRuntime runtime = Open(
            index, KeyedHashScheme.SignerOf(Genesis.Validators[index].Address), _disks[index],
            time ?? TimeProvider.System);
        _runtimes[index] = runtime;
        _servers[index].Serve(runtime.Peers, runtime.Sync);
        runtime.Start();
    }

    /// <summary>A node without a vote key, which the validators know. The caller stops it.</summary>
    public ValidatorRuntime StartObserver()
    {
        ValidatorRuntime runtime = Open(
            Size, null, (new MemoryDisk(), new MemoryDisk()), TimeProvider.System);
        runtime.Start();
        return runtime;
    }

    private ValidatorRuntime Open(
        int index, ISigner? voteKey, (MemoryDisk Ledger, MemoryDisk Consensus) disks, TimeProvider time) =>
        ValidatorRuntime.Open(
            new RuntimeOptions
            {
                Genesis = Genesis,
                OpenLedger = () => new MemoryStore(disks.Ledger, LedgerFormat.Families),
                OpenConsensus = () => new MemoryStore(disks.Consensus, ConsensusLog.Families),
                VoteKey = voteKey,
                OpenGuard = () => Guards[index],
                Signatures = new KeyedHashScheme(),
                TransactionSignatures = Signing,
                Connect = to => _servers[to].Connect(index),
                Identity = index < Size ? _servers[index].Identity : new PortIdentity(),
                Observers = 1,
                OnFatal = Fatal.Enqueue,
            },
            Signed.Metrics(),
            time,
            NullLogger.Instance);

    /// <summary>Stops a validator in order.</summary>
    public async Task StopAsync(int index)
    {
        ValidatorRuntime runtime = this[index];
        _runtimes[index] = null;
        _servers[index].Serve(null, null);
        await runtime.StopAsync();
    }

    /// <summary>The power of a validator's machine fails: what was not synced is lost.</summary>
    public async Task CrashAsync(int index)
    {
        _servers[index].Serve(null, null);
        _disks[index].Consensus.Crash();
        _disks[index].Ledger.Crash();
        await StopAsync(index);
        Fatal.Clear();
    }

    /// <summary>A validator that lost the record of its votes, and nothing else.</summary>
    public void ForgetVotes(int index) => _disks[index] = (_disks[index].Ledger, new MemoryDisk());

    /// <summary>A validator whose disks are new: it knows nothing but genesis.</summary>
    public void Forget(int index) => _disks[index] = (new MemoryDisk(), new MemoryDisk());

    public static async Task<Height> WaitForTransactionAsync(ValidatorRuntime runtime, Hash256 id)
    {
        CancellationToken deadline = Within.Deadline();
        while (true)
        {
            Height height = runtime.Feed.Head.Height;
            if (runtime.Ledger.FindTransaction(id) is { } found)
            {
                return found.Height;
            }

            await runtime.Feed.WaitForAsync(height.Next, deadline);
        }
    }

    public async Task<Hash256> SubmitAsync(int to, Transaction transaction)
    {
        (Hash256 id, Rejection? rejection) = await this[to].SubmitAsync(
            Signing.Sign(transaction), Within.Deadline());
        Assert.Null(rejection);
        return id;
    }

    public Transaction Draft(Address sender, ulong nonce, params Operation[] operations) => new(
        sender, 0, nonce, Now().Plus(TestNetwork.HourMs), null, "", [.. operations]);

    /// <summary>
    /// Gives Alice bonds by a proposal that two checkers approve. Returns the last transaction's id.
    /// </summary>
    public async Task<Hash256> IssueAsync(ulong units)
    {
        PrivilegedOperation issue = new IssueUnits(TestNetwork.Bond, TestNetwork.Alice, new Amount(units));
        Hash256 payload = PrivilegedCodec.PayloadHash(Genesis.Hash, [issue]);
        await WaitForTransactionAsync(this[0], await SubmitAsync(0, Draft(
            TestNetwork.MinistryMaker, 0, new Propose([issue], Now().Plus(TestNetwork.DayMs), "test"))));
        ulong proposal = new LedgerView(this[0].Ledger.State).NextProposal() - 1;
        var approve = new ApproveProposal(proposal, payload);
        await SubmitAsync(0, Draft(TestNetwork.MinistryChecker, 0, approve));
        return await SubmitAsync(0, Draft(TestNetwork.BankChecker, 0, approve));
    }

    public async ValueTask DisposeAsync()
    {
        for (int i = 0; i < Size; i++)
        {
            if (_runtimes[i] is not null)
            {
                await StopAsync(i);
            }

            await _servers[i].DisposeAsync();
        }
    }

    private static TimestampMs Now() => new((ulong)TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
}
