// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Evm;

/// <summary>
/// How much to offer, and how much more when a transaction does not get in. Whatever a provider says, no
/// offer is above the cap. Pure.
/// </summary>
/// <remarks>
/// A replacement must offer a tenth more in both fees for common nodes to take it; an eighth more is enough
/// for all of them and undoes one block's highest rise of the base fee (EIP-1559).
/// </remarks>
public sealed record FeePolicy
{
    private const ulong Reserve = 50_000;

    /// <summary>Sets the two amounts, in wei for a unit of gas.</summary>
    /// <param name="priorityFeePerGas">What the first attempt gives the proposer; not above the cap.</param>
    /// <param name="cap">What is never passed; waiting is better then. Below 2^128.</param>
    /// <exception cref="ArgumentOutOfRangeException">One of them is too high.</exception>
    public FeePolicy(UInt256 priorityFeePerGas, UInt256 cap)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(cap, UInt128.MaxValue);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(priorityFeePerGas, cap);
        (PriorityFeePerGas, Cap) = (priorityFeePerGas, cap);
    }

    /// <summary>What the first attempt gives the proposer.</summary>
    public UInt256 PriorityFeePerGas { get; }

    /// <summary>What is never passed.</summary>
    public UInt256 Cap { get; }

    /// <summary>The first offer: twice the base fee, which lasts for six full blocks.</summary>
    /// <returns>Null if even the base fee is above the cap.</returns>
    public GasFees? First(UInt256 baseFee) => baseFee > Cap
        ? null
        : Capped(PriorityFeePerGas, baseFee + baseFee + PriorityFeePerGas);

    /// <summary>The offer that replaces another under the same nonce: an eighth more at least.</summary>
    /// <param name="last">What did not get in.</param>
    /// <param name="baseFee">The newest block's.</param>
    /// <returns>Null if an offer that nodes take as a replacement is above the cap.</returns>
    /// <exception cref="ArgumentException">The last offer's priority fee is above its whole fee.</exception>
    public GasFees? Replace(GasFees last, UInt256 baseFee)
    {
        if (last.MaxPriorityFeePerGas > last.MaxFeePerGas)
        {
            throw new ArgumentException("A priority fee is a part of the whole fee.", nameof(last));
        }

        if (last.MaxFeePerGas > Cap || Raised(last.MaxFeePerGas) > Cap)
        {
            return null;
        }

        UInt256 priority = Raised(last.MaxPriorityFeePerGas);
        UInt256 fee = Raised(last.MaxFeePerGas);
        UInt256 fresh = baseFee <= Cap ? baseFee + baseFee + priority : Cap;
        return Capped(priority, fresh > fee ? fresh : fee);
    }

    /// <summary>
    /// The gas limit for an estimate, three tenths and 50,000 more: buckets that fill with time cost more a
    /// moment later. Never above <see cref="EvmLimits.TransactionGas"/>.
    /// </summary>
    public static ulong GasLimit(ulong estimate) => estimate >= EvmLimits.TransactionGas
        ? EvmLimits.TransactionGas
        : Math.Min(EvmLimits.TransactionGas, estimate + (((estimate * 3) + 9) / 10) + Reserve);

    /// <summary>
    /// An eighth more, rounded up; one more than nothing, as the same again replaces nothing.
    /// </summary>
    private static UInt256 Raised(UInt256 fee) => fee.IsZero ? 1 : fee + ((fee + 7) / 8);

    private GasFees Capped(UInt256 priority, UInt256 fee)
    {
        UInt256 capped = fee > Cap ? Cap : fee;
        return new GasFees(priority > capped ? capped : priority, capped);
    }
}
