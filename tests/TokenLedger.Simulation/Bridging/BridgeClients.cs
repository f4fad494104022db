// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Testing;
using static TokenLedger.Testing.TestNetwork;

namespace TokenLedger.Simulation;

/// <summary>
/// What holders do on both sides: lock, take back, burn, move units abroad, ask again for what is suspended,
/// and much that must be refused.
/// </summary>
internal sealed class BridgeClients(BridgeWorld world)
{
    private readonly Purpose _choices = new(world.Options.Seed, "bridge client");

    /// <summary>Who holds units abroad.</summary>
    public static ImmutableArray<Address> Holders { get; } =
        [Named("holder 0"), Named("holder 1"), Named("holder 2")];

    /// <summary>Who is not in the token's register of holders: nothing is ever minted for it.</summary>
    public static Address Stranger { get; } = Named("stranger abroad");

    /// <summary>Who gets units of burns.</summary>
    public static ImmutableArray<Address> Receivers { get; } = [Alice, Bob, ExchangeAccount];

    /// <summary>Plans all actions of the first phase.</summary>
    public void Plan()
    {
        ulong every = world.Options.ClientEveryMs;
        foreach (ulong id in world.Options.Actions.Where(id => !world.Options.Without.Contains(id)))
        {
            world.Time.At(
                (id * every) + _choices.At(id).Between(0, every), () => Act(_choices.At(id, 1)));
        }
    }

    /// <summary>A lock, or a burn if anybody has units, that must come to its end.</summary>
    public void Fresh(bool locks)
    {
        (Address token, ModelChain chain) = (BridgeOptions.Tokens[0].Token, world.Evm.Chain);
        Address? holder = Holders.Select(static one => (Address?)one).FirstOrDefault(
            one => chain.Now.Of(token, one!.Value) > new Amount(10));
        if (locks)
        {
            Lock(Alice, Bond, 50, Holders[0]);
        }
        else if (holder is { } from)
        {
            Burn(token, from, BridgeRecipient.Of(Alice), 10);
        }
    }

    private void Act(DeterministicRandom random)
    {
        switch (random.Below(20))
        {
            case < 9:
                LockSome(random);
                break;
            case < 11:
                Cancel(random);
                break;
            case < 16:
                BurnSome(random);
                break;
            case < 18:
                Transfer(random);
                break;
            default:
                Retry(random);
                break;
        }
    }

    private void LockSome(DeterministicRandom random)
    {
        (Address from, AssetId asset) = random.Below(3) switch
        {
            0 => (Alice, Bond),
            1 => (ExchangeAccount, Bond),
            _ => (Bob, Carbon),
        };
        ulong amount = random.Below(10) switch
        {
            0 => random.Between(100_001, 200_000),
            < 4 => random.Between(1, 20),
            _ => random.Between(100, 5_000),
        };
        Address to = random.Below(20) switch
        {
            0 => world.Options.Terms.Contract,
            < 4 => Stranger,
            _ => random.Pick(Holders),
        };
        for (int i = random.Below(4) == 0 ? random.Below(6) : 0; i >= 0; i--)
        {
            Lock(from, asset, amount, to);
        }
    }

    /// <summary>Now, or around the deadline, when the ways to an end meet.</summary>
    private void Cancel(DeterministicRandom random)
    {
        (ulong Nonce, BridgeLockState Lock)[] open =
            [.. world.Ledger.Lane.Outstanding.Select(static pair => (pair.Key, pair.Value))];
        if (open.Length > 0)
        {
            (ulong nonce, BridgeLockState locked) = random.Pick(open);
            Address sender = random.PerMille(100) ? Bob : locked.From;
            ulong now = NodeClock.At(world.Time.NowMs);
            ulong late = (locked.DeadlineSeconds * 1_000) - random.Between(0, 100_000);
            ulong delay = random.PerMille(500) && late > now ? late - now : random.Between(0, 2_000);
            world.Ledger.Submit(sender, [new CancelBridgeLock(BridgeOptions.ChainId, nonce)], delay);
        }
    }

    private void BurnSome(DeterministicRandom random)
    {
        (Address token, Address holder) = (random.Pick(BridgeOptions.Tokens).Token, random.Pick(Holders));
        ulong held = (ulong)world.Evm.Chain.Now.Of(token, holder).Units;
        if (held == 0)
        {
            return;
        }

        Hash256 recipient = random.Below(20) switch
        {
            0 => Hash256.Zero,
            1 => BridgeRecipient.Of(Nobody),
            _ => BridgeRecipient.Of(random.Pick(Receivers), random.Next()),
        };
        for (int i = random.Below(4) == 0 ? random.Below(5) : 0; i >= 0; i--)
        {
            Burn(token, holder, recipient, random.Between(1, held));
        }
    }

    private void Transfer(DeterministicRandom random)
    {
        ModelChain chain = world.Evm.Chain;
        Address token = random.Pick(BridgeOptions.Tokens).Token;
        (Address from, Address to) = (random.Pick(Holders), random.Pick(Holders));
        ulong held = (ulong)chain.Now.Of(token, from).Units;
        if (held > 0 && from != to)
        {
            ulong amount = random.Between(1, held);
            chain.Now = chain.Now.Credited(token, from, -(Int128)amount).Credited(token, to, amount);
        }
    }

    /// <summary>Whatever became of it: a released one must not be released again.</summary>
    private void Retry(DeterministicRandom random)
    {
        ulong next = world.Ledger.Lane.Lane.NextBurn;
        if (next > 1)
        {
            world.Ledger.Submit(
                Bob, [new RetryBridgeRelease(BridgeOptions.ChainId, random.Between(1, next))]);
        }
    }

    private void Lock(Address from, AssetId asset, ulong amount, Address to) => world.Ledger.Submit(
        from, [new LockForBridge(BridgeOptions.ChainId, asset, new Amount(amount), to)], 50);

    private void Burn(Address token, Address from, Hash256 recipient, ulong amount) => world.Evm.Burn(
        new BurnObserved(0, token, from, recipient, new Amount(amount), default, default));
}
