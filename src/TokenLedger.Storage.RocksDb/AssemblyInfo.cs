// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;

// Every native signature here is blittable or goes through source-generated marshalling.
[assembly: DisableRuntimeMarshalling]
