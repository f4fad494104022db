// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Testing;

namespace TokenLedger.Fuzzing.Shapes;

/// <summary>Values at the edges of a field.</summary>
internal static class Integers
{
    /// <summary>
    /// So many bytes: zero, one, the largest, its neighbours, the sign's edges, or anything.
    /// </summary>
    public static byte[] Like(int length, DeterministicRandom random)
    {
        byte[] bytes = new byte[length];
        if (length == 0)
        {
            return bytes;
        }

        switch (random.Below(8))
        {
            case 0:
                break;
            case 1:
                bytes[^1] = (byte)(1 + random.Below(3));
                break;
            case 2:
                Array.Fill(bytes, byte.MaxValue);
                break;
            case 3:
                Array.Fill(bytes, byte.MaxValue);
                bytes[^1] = 0xFE;
                break;
            case 4:
                Array.Fill(bytes, byte.MaxValue);
                bytes[0] = 0x7F;
                break;
            case 5:
                bytes[0] = 0x80;
                break;
            case 6:
                bytes[^1] = (byte)random.Below(256);
                break;
            default:
                for (int i = 0; i < length; i++)
                {
                    bytes[i] = (byte)random.Below(256);
                }

                break;
        }

        return bytes;
    }
}
