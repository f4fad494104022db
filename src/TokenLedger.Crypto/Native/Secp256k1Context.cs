// SPDX-License-Identifier: Apache-2.0
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace TokenLedger.Crypto.Native;

/// <summary>
/// libsecp256k1's context: the one of the process. It is randomized once, before anybody sees it, and only
/// read afterwards, so any number of threads may use it at once.
/// </summary>
internal sealed class Secp256k1Context : SafeHandleZeroOrMinusOneIsInvalid
{
    private static readonly string[] Names =
    [
        "libsecp256k1.so.1", "libsecp256k1.so.2", "libsecp256k1.so.3", "libsecp256k1.so.4",
        "libsecp256k1.so.5", "libsecp256k1.so.6", "libsecp256k1.so",
    ];

    private static readonly Lazy<Secp256k1Context> LazyShared = new(Create);

    /// <summary>Holds no context yet; only <see cref="Shared"/> makes one that does.</summary>
    public Secp256k1Context()
        : base(ownsHandle: true)
    {
    }

    /// <summary>The process's context.</summary>
    /// <exception cref="CryptoUnavailableException">The library is not installed, or lacks the recovery
    /// module.</exception>
    public static Secp256k1Context Shared => LazyShared.Value;

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        Secp256k1Native.ContextDestroy(handle);
        return true;
    }

    private static Secp256k1Context Create()
    {
        nint library = Load();
        NativeLibrary.SetDllImportResolver(
            typeof(Secp256k1Context).Assembly,
            (name, _, _) => name == Secp256k1Native.Library ? library : nint.Zero);

        var context = new Secp256k1Context();
        context.SetHandle(Secp256k1Native.ContextCreate(Secp256k1Native.ContextSignVerify));
        Span<byte> seed = stackalloc byte[32];
        RandomNumberGenerator.Fill(seed);
        bool ready = !context.IsInvalid && Secp256k1Native.ContextRandomize(context, seed) == 1;
        CryptographicOperations.ZeroMemory(seed);
        return ready ? context : throw new CryptoUnavailableException("libsecp256k1 gave no context.");
    }

    private static nint Load()
    {
        foreach (string name in Names)
        {
            if (!NativeLibrary.TryLoad(name, Assembly.GetExecutingAssembly(), null, out nint library))
            {
                continue;
            }

            return NativeLibrary.TryGetExport(library, "secp256k1_ecdsa_recover", out _)
                ? library
                : throw new CryptoUnavailableException($"{name} was built without its recovery module.");
        }

        throw new CryptoUnavailableException(
            "libsecp256k1 is not installed. On Debian and Ubuntu: apt-get install libsecp256k1-1");
    }
}
