// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Evm;
using TokenLedger.Testing;

namespace TokenLedger.Simulation;

/// <summary>
/// The chain abroad in virtual time: a pool, blocks, finality, reorganisations, and holders who burn.
/// </summary>
internal sealed class SimEvm
{
    private readonly BridgeWorld _world;
    private readonly List<Content> _contents = [new Content(), new Content()];
    private readonly List<BurnObserved> _burns = [];
    private readonly List<(Address To, byte[] Data)> _calls = [];

    /// <summary>What stood in a block, to be lost or to come again when it goes.</summary>
    private sealed class Content
    {
        public List<BurnObserved> Burns { get; } = [];

        public List<(Address From, SignedEip1559Transaction Signed)> Sends { get; } = [];
    }

    public SimEvm(BridgeWorld world, OpenBridgeLane terms)
    {
        _world = world;
        Chain = new ModelChain(
            world.Ledger.Genesis.Hash, terms, world.Signatures,
            () => NodeClock.At(world.Time.NowMs) / 1_000);
        Node = new ModelNode(Chain, world.Signatures);
        Chain.Mine();
    }

    public ModelChain Chain { get; }

    public ModelNode Node { get; }

    /// <summary>No block becomes final.</summary>
    public bool FinalityStalls { get; set; }

    /// <summary>A holder's wish to burn.</summary>
    public void Burn(BurnObserved wanted) => _burns.Add(wanted);

    /// <summary>A call by somebody whose fees nobody counts.</summary>
    public void Call(Address to, byte[] data) => _calls.Add((to, data));

    public void Mine()
    {
        var content = new Content();
        foreach (BurnObserved burn in _burns)
        {
            if (Chain.Now.Of(burn.Token, burn.From) >= burn.Amount)
            {
                Chain.Burn(burn);
                content.Burns.Add(burn);
            }
        }

        _burns.Clear();
        foreach ((Address to, byte[] data) in _calls)
        {
            try
            {
                Chain.Call(to, data, keep: true);
            }
            catch (RevertException)
            {
                // What a liar or a late one brings is refused.
                _world.Checker.Refused();
            }
        }

        _calls.Clear();
        content.Sends.AddRange(Node.Mine(ulong.MaxValue));
        _contents.Add(content);
        ulong latest = Chain.Latest.Header.Number;
        if (!FinalityStalls)
        {
            Chain.Final = Math.Max(Chain.Final, latest - Math.Min(latest, _world.Options.FinalLag));
        }

        _world.RemoteBlock();
    }

    /// <summary>The last blocks give way to as many others. What was in them is lost, comes again at once, or
    /// comes later.</summary>
    public void Reorganise(int depth, DeterministicRandom random)
    {
        var later = new List<Action>();
        List<Content> gone = _contents[^depth..];
        _contents.RemoveRange(_contents.Count - depth, depth);
        Chain.Rewind(depth);
        foreach (Content content in gone)
        {
            foreach (BurnObserved burn in content.Burns)
            {
                Again(() => Burn(burn));
            }

            foreach ((Address from, SignedEip1559Transaction signed) in content.Sends)
            {
                Again(() => Node.Return(from, signed));
            }
        }

        for (int i = 0; i < depth; i++)
        {
            Mine();
        }

        later.ForEach(static again => again());

        void Again(Action again)
        {
            switch (random.Below(3))
            {
                case 0:
                    break;
                case 1:
                    again();
                    break;
                default:
                    later.Add(again);
                    break;
            }
        }
    }
}
