"""Every address that Django answers."""

urlpatterns: list[object] = []
