self.addEventListener("install",()=>self.skipWaiting());self.addEventListener("activate",e=>e.waitUntil(caches.delete("lectern "+self.registration.scope).then(()=>self.registration.unregister())));
