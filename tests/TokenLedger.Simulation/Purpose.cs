// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Testing;

namespace TokenLedger.Simulation;

/// <summary>
/// Random choices for one purpose, each found by its id alone: hash(seed, purpose, id). There is no stream
/// that is shared, so that leaving out one fault or message does not change the choices for the others.
/// </summary>
internal sealed class Purpose(ulong seed, string name)
{
    private readonly ulong _root = new DeterministicRandom(seed).Fork(name).Next();

    public DeterministicRandom At(ulong id, ulong part = 0)
    {
        ulong mixed = unchecked(_root ^ (id * 0x9E37_79B9_7F4A_7C15) ^ (part * 0xC2B2_AE3D_27D4_EB4F));
        return new DeterministicRandom(mixed);
    }
}
