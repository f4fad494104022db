// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Bridge.Ledger;
using TokenLedger.Bridge.Remote;
using TokenLedger.Bridge.Sending;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Evm;
using TokenLedger.Storage;
using TokenLedger.Testing;

namespace TokenLedger.Bridge.Tests.Model;

/// <summary>The process was killed.</summary>
internal sealed class KilledException : Exception;

/// <summary>One validator's bridge, which can be killed at each of its calls and is made anew then.</summary>
internal sealed class BridgeValidator : IAttestationSink
{
    private readonly World _world;
    private readonly MemoryDisk _disk = new();
    private readonly Dictionary<string, int> _calls = [];

    public BridgeValidator(World world, int index, Address key)
    {
        (_world, Index, Key, Sender) = (world, index, key, TestNetwork.Named($"sender {index}"));
        Worker = Build();
    }

    public int Index { get; }

    public Address Key { get; }

    public Address Sender { get; }

    public LaneWorker Worker { get; private set; }

    public BridgeJournal Journal { get; private set; } = null!;

    /// <summary>At which call it is killed, and at which time that it is made; null for never.</summary>
    public (string Call, int Time)? KillAt { get; set; }

    public int Kills { get; private set; }

    /// <summary>What a call ends with; null for nothing.</summary>
    public Func<string, Exception?> Fails { get; set; } = static _ => null;

    /// <summary>All kinds of calls that it made.</summary>
    public IReadOnlyDictionary<string, int> Calls => _calls;

    /// <summary>The ledger as this validator sees it; null as it is.</summary>
    public Func<LaneView>? Sees { get; set; }

    /// <summary>What its endpoints make of the contracts' state.</summary>
    public Func<RemoteState, RemoteState> LieOfState { get; set; } = static state => state;

    /// <summary>What its endpoints make of the events.</summary>
    public FactsLie LieOfFacts { get; set; } = static facts => facts;

    /// <summary>False while the ledger takes nothing.</summary>
    public bool Takes { get; set; } = true;

    /// <summary>True while the ledger takes what then is lost.</summary>
    public bool Loses { get; set; }

    /// <summary>All that it handed in, and how the ledger received it.</summary>
    public List<(Operation Operation, Receipt Receipt)> Submitted { get; } = [];

    public static LaneSettings Settings { get; } = new()
    {
        ChainId = World.ChainId,
        Endpoints = [new Uri("http://model/")],
        Required = 1,
        CodeHash = default,
        SignerCodeHash = default,
        Turn = TimeSpan.FromSeconds(60),
        Replace = TimeSpan.FromSeconds(60),
    };

    /// <summary>Looks once.</summary>
    /// <returns>What the worker says; true when it was killed.</returns>
    public async Task<bool> LookAsync()
    {
        ModelChain chain = _world.Chain;
        (chain.Before, chain.LieOfState, chain.LieOfFacts) = (Before, LieOfState, LieOfFacts);
        try
        {
            return await Worker.LookAsync(CancellationToken.None);
        }
        catch (KilledException)
        {
            Kills++;
            Restart();
            return true;
        }
        finally
        {
            (chain.Before, chain.LieOfState, chain.LieOfFacts) =
                (static _ => { }, static state => state, static facts => facts);
        }
    }

    /// <summary>Another process with what was durable.</summary>
    public void Restart()
    {
        _disk.Crash();
        Worker = Build();
    }

    public T? Read<T>(ulong chainId, Func<LaneView, T> use)
    {
        Before("ledger read");
        return chainId == World.ChainId ? use(Sees?.Invoke() ?? _world.View) : default;
    }

    public Task<bool> SubmitAsync(ImmutableArray<Operation> operations, CancellationToken cancellationToken)
    {
        Before("before submit");
        if (Takes && !Loses)
        {
            Submitted.Add((Assert.Single(operations), _world.Ledger.Run(Key, operations.AsSpan())));
        }

        Before("after submit");
        return Task.FromResult(Takes);
    }

    private void Before(string call)
    {
        int time = _calls[call] = _calls.GetValueOrDefault(call) + 1;
        if (KillAt == (call, time))
        {
            throw new KilledException();
        }

        if (Fails(call) is { } fault)
        {
            throw fault;
        }
    }

    private LaneWorker Build()
    {
        Journal = new BridgeJournal(new MemoryStore(_disk, BridgeJournal.Families), World.ChainId);
        EvmClient client = _world.Node.Client(Before);
        return new LaneWorker(new LaneParts
        {
            LedgerId = _world.Ledger.Genesis.Hash,
            Settings = Settings,
            Ledger = this,
            Remote = _world.Chain,
            Journal = Journal,
            Messages = new BridgeMessages(_world.Ledger.Genesis.Hash, World.Terms),
            Signer = KeyedHashScheme.SignerOf(Key),
            Signatures = _world.Signatures,
            Sender = new EvmSender(
                [client], KeyedHashScheme.SignerOf(Sender), Journal, Settings, _world.Time),
            SenderAddress = Sender,
            Time = _world.Time,
        });
    }
}
