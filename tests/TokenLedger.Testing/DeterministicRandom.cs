// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Testing;

/// <summary>
/// The generator of all tests' randomness, version 1: SplitMix64. Ours, so that a seed means the same on
/// every runtime. Fork it for each purpose, so that one more draw for one purpose does not shift the others.
/// </summary>
public sealed class DeterministicRandom
{
    private ulong _state;

    public DeterministicRandom(ulong seed) => _state = Mix(seed ^ 0x5449_4D45_0000_0001);

    /// <summary>A generator of its own for a purpose, drawn from this seed and the name.</summary>
    public DeterministicRandom Fork(string purpose)
    {
        ulong hash = _state;
        foreach (char letter in purpose)
        {
            hash = Mix(hash ^ letter);
        }

        return new DeterministicRandom(hash);
    }

    public ulong Next()
    {
        unchecked
        {
            _state += 0x9E37_79B9_7F4A_7C15;
        }

        return Mix(_state);
    }

    /// <summary>Uniform enough over 0 to <paramref name="below"/> − 1.</summary>
    public int Below(int below) => (int)(Next() % (ulong)below);

    /// <summary>Uniform over both bounds and all between.</summary>
    public ulong Between(ulong low, ulong high) => low + (Next() % (high - low + 1));

    /// <summary>True in so many of a thousand.</summary>
    public bool PerMille(int chance) => Below(1000) < chance;

    public T Pick<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    private static ulong Mix(ulong value)
    {
        unchecked
        {
            value = (value ^ (value >> 30)) * 0xBF58_476D_1CE4_E5B9;
            value = (value ^ (value >> 27)) * 0x94D0_49BB_1331_11EB;
            return value ^ (value >> 31);
        }
    }
}
