// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Ledger;
using TokenLedger.Testing;
using static TokenLedger.Testing.TestNetwork;

namespace TokenLedger.Execution.Tests.Bridge;

/// <summary>
/// Random histories over two lanes and two assets. What happens abroad is decided by the test; three of four
/// signers see it, at different times, and one says what it likes. After every block the whole state is
/// counted anew, and in the end everything that happened abroad has had its effect here exactly once.
/// </summary>
public class BridgeHistoryTests
{
    private const int Steps = 500;

    private static readonly Address[] Holders = [Alice, Bob, ExchangeAccount];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(20261129)]
    public void History_OfRandomOperations_AddsUpAfterEveryBlock(int seed)
    {
        var run = new History(seed);
        for (int step = 0; step < Steps; step++)
        {
            run.Step($"seed {seed}, step {step}");
        }

        run.Finish($"seed {seed}, end");
    }

    /// <summary>One lane: what is true abroad, and who sees it.</summary>
    private sealed class Side(ulong chain, params (AssetId Asset, Address Token)[] tokens)
    {
        public ulong Chain { get; } = chain;

        public (AssetId Asset, Address Token)[] Tokens { get; } = tokens;

        public ImmutableArray<BridgeSigner> Signers { get; set; } = Set(chain, 0);

        public int Sets { get; set; } = 1;

        /// <summary>What is true of each lock that is not open abroad any more.</summary>
        public SortedDictionary<ulong, BridgeObservation> Outcomes { get; } = [];

        public List<BurnObserved> Burns { get; } = [];

        public Dictionary<AssetId, ulong> Supply { get; } = tokens.ToDictionary(t => t.Asset, _ => 0UL);

        public static ImmutableArray<BridgeSigner> Set(ulong chain, int number)
        {
            Address[] owners = [Ministry, Treasury, Bank, Regulator];
            return
            [
                .. owners.Select((o, i) => new BridgeSigner(Named($"signer {chain} {number} {i}"), o))
                    .OrderBy(signer => signer.Key),
            ];
        }
    }

    private sealed class History
    {
        private readonly Random _random;
        private readonly TestLedger _ledger = TestLedger.Start();
        private readonly Side[] _sides =
        [
            new(1, (Bond, Named("bond on 1")), (Carbon, Named("carbon on 1"))),
            new(10, (Bond, Named("bond on 10"))),
        ];

        private int _accepted;
        private int _refused;

        public History(int seed)
        {
            _random = new Random(seed);
            _ledger.Issue(Alice, 200_000);
            _ledger.Issue(Bob, 100_000);
            _ledger.Pass(TreasuryMaker, new IssueUnits(Carbon, ExchangeAccount, new Amount(50_000)));
            foreach (Side side in _sides)
            {
                _ledger.Pass(MinistryMaker, new OpenBridgeLane(
                    side.Chain, Named("bridge"), Named("register"), Filled(1), 1, 60_000, 5_000,
                    side.Signers));
                foreach ((AssetId asset, Address token) in side.Tokens)
                {
                    var quota = new BridgeQuota(
                        new Amount(3_000), new Amount(40_000), Rate(9_000, 700), Rate(6_000, 300),
                        new BridgeDelay(new Amount(2_000), 20_000));
                    _ledger.Pass(
                        asset == Bond ? MinistryMaker : TreasuryMaker,
                        new MapBridgeToken(side.Chain, asset, token, quota));
                }
            }
        }

        public void Step(string where)
        {
            Side side = _sides[_random.Next(_sides.Length)];
            _ledger.Wait((ulong)_random.Next(3_000));
            Act(side);
            Check(where);
        }

        /// <summary>Everybody sees everything; what can be released is.</summary>
        public void Finish(string where)
        {
            foreach (Side side in _sides)
            {
                BridgeStops stops = Lane(side).Stops;
                if (stops != BridgeStops.None)
                {
                    _ledger.Pass(MinistryMaker, new ResumeBridge(side.Chain, stops, ""));
                }

                foreach (BridgeObservation fact in Facts(side))
                {
                    foreach (BridgeSigner signer in side.Signers.Skip(1))
                    {
                        Run(signer.Key, new ObserveBridge(side.Chain, [fact]));
                    }
                }

                Check(where);
                foreach ((ulong nonce, BridgeObservation fact) in side.Outcomes)
                {
                    BridgeLockStatus status = _ledger.View.BridgeLock(side.Chain, nonce)!.Status;
                    bool minted = status == BridgeLockStatus.Minted;
                    Assert.True(
                        status >= BridgeLockStatus.Minted && minted == fact is MintObserved,
                        $"{where}: lock {nonce} is {status}");
                }

                _ledger.Wait(HourMs);
                foreach (BurnObserved burn in side.Burns)
                {
                    Run(Bob, new RetryBridgeRelease(side.Chain, burn.Nonce));
                    BridgeBurnState state = _ledger.View.BridgeBurn(side.Chain, burn.Nonce)!;
                    bool readable = BridgeRecipient.TryRead(burn.Recipient, out Address to, out _);
                    Assert.True(
                        (state.Status == BridgeBurnStatus.Released)
                            == (readable && _ledger.View.Account(to) is not null),
                        $"{where}: burn {burn.Nonce} is {state.Status}, {state.Hindrance}");
                    _ledger.Wait(HourMs);
                }

                Check(where);
                Assert.NotEmpty(side.Burns);
                Assert.Contains(side.Outcomes.Values, fact => fact is MintObserved);
            }

            Assert.InRange(_accepted, Steps / 3, int.MaxValue);
            Assert.InRange(_refused, 10, Steps);
        }

        private void Act(Side side)
        {
            (AssetId asset, Address token) = side.Tokens[_random.Next(side.Tokens.Length)];
            ulong nonce = (ulong)_random.Next(1, (int)Lane(side).NextLock + 1);
            switch (_random.Next(24))
            {
                case < 6:
                    Run(Holder(), new LockForBridge(
                        side.Chain, asset, new Amount((UInt128)_random.Next(1, 3_300)), Named("abroad")));
                    break;
                case < 8:
                    Run(Holder(), new CancelBridgeLock(side.Chain, nonce));
                    break;
                case < 12:
                    Happen(side, nonce);
                    break;
                case < 14:
                    BurnAbroad(side, asset, token);
                    break;
                case < 20:
                    Observe(side);
                    break;
                case 20:
                    Lie(side, token, nonce);
                    break;
                case 21:
                    ulong burn = (ulong)_random.Next(1, side.Burns.Count + 2);
                    Run(Bob, new RetryBridgeRelease(side.Chain, burn));
                    break;
                case 22:
                    BridgeSigner signer = side.Signers[_random.Next(4)];
                    ulong message = (ulong)_random.Next(1, (int)Lane(side).NextMessage + 1);
                    Run(signer.Key, new AttestBridge(
                        side.Chain, message, Lane(side).Epoch, [.. new byte[Limits.SignatureBytes]]));
                    break;
                default:
                    Govern(side);
                    break;
            }
        }

        /// <summary>Something becomes final abroad: what stands in a message is minted, voided, or too
        /// late.</summary>
        private void Happen(Side side, ulong nonce)
        {
            if (side.Outcomes.ContainsKey(nonce)
                || _ledger.View.BridgeLock(side.Chain, nonce) is not { IsOpen: true } locked
                || locked.Status == BridgeLockStatus.Waiting)
            {
                return;
            }

            if (locked.DeadlineSeconds < _ledger.Time.Value / 1_000)
            {
                side.Outcomes[nonce] = new ExpiryObserved(nonce);
            }
            else if (locked.Status == BridgeLockStatus.Cancelling && _random.Next(2) == 0)
            {
                side.Outcomes[nonce] = new VoidObserved(nonce, Place(nonce));
            }
            else
            {
                side.Outcomes[nonce] = new MintObserved(nonce, Place(nonce));
                side.Supply[locked.Asset] += (ulong)locked.Amount.Units;
            }
        }

        private void BurnAbroad(Side side, AssetId asset, Address token)
        {
            if (side.Supply[asset] == 0)
            {
                return;
            }

            ulong amount = (ulong)_random.Next(1, (int)Math.Min(side.Supply[asset], 4_000) + 1);
            side.Supply[asset] -= amount;
            Hash256 to = _random.Next(8) switch
            {
                0 => Filled(9),
                1 => BridgeRecipient.Of(Nobody),
                _ => BridgeRecipient.Of(Holder(), (ulong)_random.Next(9)),
            };
            ulong nonce = (ulong)side.Burns.Count + 1;
            side.Burns.Add(new BurnObserved(
                nonce, token, Named("abroad"), to, new Amount(amount), Filled((byte)nonce), Place(nonce)));
        }

        /// <summary>An honest signer tells some of what is true, in any order.</summary>
        private void Observe(Side side)
        {
            BridgeObservation[] facts = [.. Facts(side)];
            if (facts.Length > 0)
            {
                _random.Shuffle(facts);
                Run(
                    side.Signers[_random.Next(1, 4)].Key,
                    new ObserveBridge(side.Chain, [.. facts.Take(_random.Next(1, 20))]));
            }
        }

        private void Lie(Side side, Address token, ulong nonce)
        {
            var place = new BridgePlace((ulong)_random.Next(9_999), Filled(3), default);
            BridgeObservation lie = _random.Next(6) switch
            {
                0 => new ExpiryObserved(nonce),
                1 => new MintObserved(nonce, Place(77)),
                2 => new VoidObserved(nonce, Place(77)),
                3 => new MismatchObserved(token, new Amount(1), new Amount(2), place),
                4 => new SupplyObserved(token, new Amount(1), 1, place),
                _ => new BurnObserved(
                    (ulong)_random.Next(1, 300), token, Bob, BridgeRecipient.Of(Bob), new Amount(1_000),
                    Filled(5), Place(78)),
            };
            Run(side.Signers[0].Key, new ObserveBridge(side.Chain, [lie]));
        }

        private void Govern(Side side)
        {
            BridgeLaneState lane = Lane(side);
            if (lane.Stops != BridgeStops.None)
            {
                _ledger.Pass(MinistryMaker, new ResumeBridge(side.Chain, lane.Stops, ""));
            }
            else if (_random.Next(3) == 0)
            {
                var stops = (BridgeStops)_random.Next(1, 4);
                _ledger.Pass(RegulatorMaker, new PauseBridge(side.Chain, stops, ""));
            }
            else if (lane.Rotation == 0)
            {
                _ledger.Pass(MinistryMaker, new RotateBridgeSigners(
                    side.Chain, default, Side.Set(side.Chain, side.Sets++)));
            }
            else
            {
                Hash256 set = BridgeSignerKeys.Hash(
                    _ledger.View.BridgeMessage(side.Chain, lane.Rotation)!.Signers);
                foreach (BridgeSigner signer in side.Signers.Skip(1))
                {
                    Run(signer.Key, new ObserveBridge(
                        side.Chain, [new RotationObserved(lane.Epoch + 1, set, Place(lane.Epoch))]));
                }

                side.Signers = Lane(side).Signers;
                Assert.Equal(0UL, Lane(side).Rotation);
            }
        }

        private void Check(string where)
        {
            Assert.True(InvariantChecker.FullCheck(_ledger.State) is [], string.Join(
                '\n', InvariantChecker.FullCheck(_ledger.State).Prepend(where)));
            Assert.All(_sides, side => Assert.True(
                (Lane(side).Stops & BridgeStops.Halted) == 0, where + ": halted"));
        }

        private void Run(Address sender, Operation operation)
        {
            bool succeeded = _ledger.Run(sender, operation).Succeeded;
            _accepted += succeeded ? 1 : 0;
            _refused += succeeded ? 0 : 1;
        }

        private IEnumerable<BridgeObservation> Facts(Side side) => side.Outcomes.Values.Concat(side.Burns);

        private BridgeLaneState Lane(Side side) => _ledger.View.BridgeLane(side.Chain)!;

        private Address Holder() => Holders[_random.Next(Holders.Length)];

        private static BridgePlace Place(ulong n) => new(n, Filled(1), Filled(2));

        private static BridgeRate Rate(ulong capacity, ulong perSecond) =>
            new(new Amount(capacity), new Amount(perSecond));

        private static Hash256 Filled(byte fill) => new(Enumerable.Repeat(fill, Hash256.Size).ToArray());
    }
}
